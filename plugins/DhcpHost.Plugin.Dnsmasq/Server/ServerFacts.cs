namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>What is known of a running server when a plan is compared with it.</summary>
internal sealed record ServerFacts
{
    /// <summary>Its arguments after the program's name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>It runs in the namespace that the plan names.</summary>
    public required bool IsInNamespace { get; init; }

    /// <summary>It may read the files that are written now, as the account that it runs as.</summary>
    public bool CanReadFiles { get; init; } = true;

    /// <summary>What it read last, where that is known of this very process.</summary>
    public AppliedState? Applied { get; init; }

    /// <summary>The program that is installed now.</summary>
    public required DnsmasqBinary Binary { get; init; }

    /// <summary>The files as they are on the disk; <c>null</c> for one that is not there.</summary>
    public string? Hosts { get; init; }

    public string? AddnHosts { get; init; }

    public string? Opts { get; init; }
}
