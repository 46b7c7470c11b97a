using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.InProcess;

/// <summary>The keys of <c>[drivers.inprocess]</c> in <c>host.toml</c>.</summary>
public sealed class InProcessOptions
{
    /// <summary>The directory of the two files in which leases and plans of all networks are. Empty, the default: the plugin's state directory.</summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>
    /// Whether a client that nobody knows, and that asks for an address that it says it has, is told no; default false: it may be another server's
    /// (RFC 2131 section 4.3.2). True where no other DHCP server is on any network.
    /// </summary>
    public bool Authoritative { get; set; }

    /// <summary>Whether a client that asks for it gets its lease in two messages (RFC 4039); default false.</summary>
    public bool RapidCommit { get; set; }

    /// <summary>How long nobody gets an address of a pool that a client declined because somebody else has it; default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan DeclineQuarantine { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an address of a pool is asked for before a client is offered it: by ARP on the link, by an ICMP echo behind a relay; default 0: not at
    /// all. RFC 5227 has half a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan ConflictProbe { get; set; } = TimeSpan.Zero;
}
