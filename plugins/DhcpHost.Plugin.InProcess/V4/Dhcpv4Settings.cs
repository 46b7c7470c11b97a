namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>What the site decides about DHCPv4 on all networks.</summary>
internal sealed record Dhcpv4Settings
{
    /// <summary>Clients that are not known, and ask for an address that they say they have, are told no (else they are left to other servers).</summary>
    public bool IsAuthoritative { get; init; }

    /// <summary>DISCOVER with option 80 is answered by an ACK at once (RFC 4039).</summary>
    public bool AllowsRapidCommit { get; init; }

    /// <summary>How long nobody gets a pool's address that a client declined.</summary>
    public TimeSpan DeclineQuarantine { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an address of a pool is asked for by ARP before it is offered; zero for not at all.</summary>
    public TimeSpan ConflictProbe { get; init; }
}
