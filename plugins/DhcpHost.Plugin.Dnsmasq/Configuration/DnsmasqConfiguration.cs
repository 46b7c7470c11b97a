using System.Collections.Immutable;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>All that a dnsmasq needs to serve a network, before anything is written. The leases file aside, which depends on what is there.</summary>
public sealed record DnsmasqConfiguration
{
    /// <summary>The command line, from the program's name on, as Neutron's driver has it; without what only this driver adds.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The text of the file of reservations.</summary>
    public required string Hosts { get; init; }

    /// <summary>The text of the file of names.</summary>
    public required string AddnHosts { get; init; }

    /// <summary>The text of the file of options.</summary>
    public required string Opts { get; init; }

    /// <summary>What is left out, and why.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }
}
