using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron;

/// <summary>How this host serves Neutron's networks as a DHCP agent. The names are those of Neutron's own options.</summary>
[RemovedKey("enable_metadata_network", "write `metadata_networks = true` into [defaults], which means it for all sources")]
public sealed class NeutronOptions
{
    /// <summary>How Neutron's server is reached.</summary>
    public MessagingOptions Messaging { get; init; } = new();

    /// <summary>
    /// This agent's host in Neutron; it has to be the one that the other agents of this machine report. Empty, the default: the host's name.
    /// </summary>
    [MaxLength(255)]
    public string Host { get; init; } = "";

    /// <summary>Where the scheduler takes this agent to be; default <c>nova</c>.</summary>
    [MinLength(1)]
    public string AvailabilityZone { get; init; } = "nova";

    /// <summary>How often this agent says that it is alive; well below half of the server's <c>agent_down_time</c>, which is 75 s. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the server is to log this agent's reports; default false.</summary>
    public bool LogAgentHeartbeats { get; init; }

    /// <summary>
    /// The lease time that is reported, in seconds, -1 for leases without an end; what is served is <c>defaults.lease_time</c>. Default 86400.
    /// </summary>
    [Range(-1, int.MaxValue)]
    public int DhcpLeaseDuration { get; init; } = 86_400;

    /// <summary>Whether networks have a metadata proxy on subnets without a router. Default false: <c>defaults.metadata</c> decides.</summary>
    public bool EnableIsolatedMetadata { get; init; }

    /// <summary>Whether all networks have one, whatever <see cref="EnableIsolatedMetadata"/> says. Default false.</summary>
    public bool ForceMetadata { get; init; }

    /// <summary>Own ports that Neutron's server is asked to make or change at a time. Default 16.</summary>
    [Range(1, 256)]
    public int PortCalls { get; init; } = 16;

    /// <summary>
    /// Up to how long, by chance, to wait after a lost connection before all is read anew, so that not all agents do it at once. Default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ResyncJitter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first list waits until Neutron has taken a report of this agent. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(10);
}
