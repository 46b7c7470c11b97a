using System.ComponentModel.DataAnnotations;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Files.Config;

/// <summary>A client that is known by one or more of `mac`, `client_id` and `duid`.</summary>
public sealed record ReservationConfig
{
    /// <summary>Its id. Default: made of the first of MAC address, client identifier and DUID that is there.</summary>
    public PortId? Id { get; init; }

    /// <summary>A name for people.</summary>
    [StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>The MAC address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The DHCPv4 client identifier (option 61): pairs of hex digits with colons, or plain text.</summary>
    public string? ClientId { get; init; }

    /// <summary>The DHCPv6 unique identifier: pairs of hex digits with colons.</summary>
    public string? Duid { get; init; }

    /// <summary>The addresses, at most one of each subnet.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The host name that the client is given.</summary>
    public string? Hostname { get; init; }

    /// <summary>Whether it is served.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>DHCPv4 options for this client, by name or number.</summary>
    public Dictionary<string, object> Options { get; init; } = [];

    /// <summary>DHCPv6 options for this client, by name or number.</summary>
    public Dictionary<string, object> Options6 { get; init; } = [];
}
