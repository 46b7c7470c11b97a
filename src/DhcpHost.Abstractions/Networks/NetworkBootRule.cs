namespace DhcpHost.Abstractions.Networks;

/// <summary>A boot file for one kind of client. All conditions that are set must hold.</summary>
public sealed record NetworkBootRule
{
    /// <summary>The client's architecture (option 93, RFC 4578): 0 BIOS, 7 and 9 x86-64 UEFI, 11 arm64 UEFI, 16 x86-64 HTTP, …</summary>
    public int? ClientArchitecture { get; init; }

    /// <summary>The client's user class (option 77, RFC 3004) contains this: <c>iPXE</c>.</summary>
    public string? UserClass { get; init; }

    /// <summary>The client's vendor class (option 60) begins with this: <c>PXEClient</c>.</summary>
    public string? VendorClass { get; init; }

    /// <summary>What it is told to load.</summary>
    public required string FileName { get; init; }
}
