namespace DhcpHost.Abstractions.Networks;

/// <summary>A client's place on a network: its MAC address, the addresses reserved for it, and the options it asks for.</summary>
public sealed record Port
{
    /// <summary>Its id.</summary>
    public required PortId Id { get; init; }

    /// <summary>A name for people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The client's MAC address; <c>null</c> for a reservation by client identifier alone.</summary>
    public MacAddress? MacAddress { get; init; }

    /// <summary>The DHCPv4 client identifier (option 61) as dnsmasq writes it: colon-separated hex, or text; <c>null</c> for the MAC alone.</summary>
    public string? ClientId { get; init; }

    /// <summary>The DHCPv6 unique identifier (RFC 8415 section 11) as colon-separated hex.</summary>
    public string? Duid { get; init; }

    /// <summary>The addresses reserved for it.</summary>
    public EquatableArray<FixedIp> FixedIps { get; init; }

    /// <summary>Neutron's <c>device_owner</c>, see <see cref="DeviceOwners"/>.</summary>
    public string DeviceOwner { get; init; } = "";

    /// <summary>Neutron's <c>device_id</c>.</summary>
    public string DeviceId { get; init; } = "";

    /// <summary>Whether the port may be used; default true.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>Neutron's <c>status</c>: <c>ACTIVE</c>, <c>DOWN</c>, <c>BUILD</c>; empty where the source has none.</summary>
    public string Status { get; init; } = "";

    /// <summary>The host that it is bound to (Neutron's <c>binding:host_id</c>).</summary>
    public string? HostId { get; init; }

    /// <summary>The host name that the client is given; <c>null</c> for one made of its address.</summary>
    public string? DnsName { get; init; }

    /// <summary>The port's own domain (Neutron's <c>dns_domain</c>).</summary>
    public string? DnsDomain { get; init; }

    /// <summary>The names of its addresses, where the source made them.</summary>
    public EquatableArray<DnsAssignment> DnsAssignments { get; init; }

    /// <summary>The options that it asks for.</summary>
    public EquatableArray<ExtraDhcpOption> ExtraDhcpOptions { get; init; }

    /// <summary>The project (tenant) that owns it.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Neutron's count of changes; 0 where the source has none.</summary>
    public long RevisionNumber { get; init; }
}
