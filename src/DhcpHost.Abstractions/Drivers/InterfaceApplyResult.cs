namespace DhcpHost.Abstractions.Drivers;

/// <summary>What the apply of an interface did, and where the interface is.</summary>
public sealed record InterfaceApplyResult : ApplyResult
{
    /// <summary>The interface, ready for a server to bind to.</summary>
    public required InterfaceBinding Interface { get; init; }
}
