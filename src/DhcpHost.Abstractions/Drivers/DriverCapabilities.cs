namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a driver can do at all: static facts.</summary>
public sealed record DriverCapabilities
{
    /// <summary>It serves IPv4.</summary>
    public bool IPv4 { get; init; } = true;

    /// <summary>It serves IPv6.</summary>
    public bool IPv6 { get; init; }

    /// <summary>It takes some changes without a restart of the server.</summary>
    public bool HotReload { get; init; }

    /// <summary>It lists leases.</summary>
    public bool LeaseQuery { get; init; }

    /// <summary>It ends a lease on request.</summary>
    public bool LeaseRelease { get; init; }

    /// <summary>What it runs goes on while the host is down.</summary>
    public bool SurvivesHostRestart { get; init; }

    /// <summary>It gives addresses from <see cref="Networks.Subnet.DynamicPools"/> to clients that nobody knows.</summary>
    public bool DynamicPools { get; init; }

    /// <summary>A metadata driver that serves documents of the site's own: the policy <c>instance-metadata</c> is asked for them.</summary>
    public bool InstanceDocuments { get; init; }

    /// <summary>It sends router advertisements where a subnet asks for them.</summary>
    public bool RouterAdvertisements { get; init; }
}
