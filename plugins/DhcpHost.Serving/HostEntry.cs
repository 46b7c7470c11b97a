using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>One address of a port (or its addresses on one IPv6 subnet) with the names that it has.</summary>
public sealed record HostEntry
{
    public required Port Port { get; init; }

    public required SubnetId SubnetId { get; init; }

    /// <summary>One address, or several of one IPv6 subnet where lists are enabled.</summary>
    public required EquatableArray<IPAddress> Addresses { get; init; }

    public required string Hostname { get; init; }

    public required string Fqdn { get; init; }

    /// <summary>On an IPv6 subnet; its host line says so, lest it answers DHCPv4.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>The client makes its address itself.</summary>
    public bool NeedsNoAddress { get; init; }

    /// <summary>The client never asks for options by DHCP.</summary>
    public bool NeedsNoOptions { get; init; }
}
