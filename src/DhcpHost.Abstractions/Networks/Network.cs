namespace DhcpHost.Abstractions.Networks;

/// <summary>A whole network as its source knows it: an immutable snapshot that compares by value.</summary>
public sealed record Network
{
    /// <summary>Its id.</summary>
    public required NetworkId Id { get; init; }

    /// <summary>A name for people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The project (tenant) that owns it.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Whether it is to be served; default true.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>Bytes that a packet may have; 0 where unknown: clients are told nothing and the interface keeps 1500.</summary>
    public int Mtu { get; init; }

    /// <summary>The domain of its clients; <c>null</c> for the site's.</summary>
    public string? DnsDomain { get; init; }

    /// <summary>Its subnets on this host's segments.</summary>
    public EquatableArray<Subnet> Subnets { get; init; }

    /// <summary>Subnets of a routed provider network on segments that this host does not reach.</summary>
    public EquatableArray<Subnet> NonLocalSubnets { get; init; }

    /// <summary>Its ports.</summary>
    public EquatableArray<Port> Ports { get; init; }

    /// <summary>Its segments, where the source knows them.</summary>
    public EquatableArray<Segment> Segments { get; init; }

    /// <summary>Further options for all its clients.</summary>
    public EquatableArray<ExtraDhcpOption> DhcpOptions { get; init; }

    /// <summary>Network boot, if it offers it.</summary>
    public NetworkBoot? Boot { get; init; }

    /// <summary>Where its layer 2 is on this host.</summary>
    public NetworkAttachment Attachment { get; init; } = new();

    /// <summary>Whether it gets a metadata proxy.</summary>
    public MetadataMode Metadata { get; init; }

    /// <summary>The DHCP driver that its owner asks for; <c>null</c> for the site's choice.</summary>
    public DriverId? DhcpDriver { get; init; }

    /// <summary>The interface driver that its owner asks for; <c>null</c> for the site's choice.</summary>
    public DriverId? InterfaceDriver { get; init; }

    /// <summary>Free-form marks for policies.</summary>
    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    /// <summary>Neutron's count of changes; 0 where the source has none.</summary>
    public long RevisionNumber { get; init; }
}
