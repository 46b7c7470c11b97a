using System.Text.Json;
using System.Text.Json.Serialization;

namespace DhcpHost.NeutronLab.Tests.Api;

internal sealed record NeutronNetwork(string Id, string Name, bool AdminStateUp, int Mtu, string[] Subnets);

internal sealed record NeutronSubnet(string Id, string NetworkId, string Cidr, string? GatewayIp, bool EnableDhcp);

internal sealed record NeutronFixedIp(string SubnetId, string IpAddress);

internal sealed record NeutronPort(
    string Id, string NetworkId, string MacAddress, string Status, string DeviceOwner, string DeviceId, NeutronFixedIp[] FixedIps)
{
    /// <summary>The name of its link on the host that it is bound to.</summary>
    public string TapName => $"tap{Id[..11]}";

    /// <summary>Its address of a family.</summary>
    public string Address(bool isIpv6 = false) =>
        FixedIps.First(ip => ip.IpAddress.Contains(':', StringComparison.Ordinal) == isIpv6).IpAddress;
}

internal sealed record NeutronAgent(
    string Id, string AgentType, string Binary, string Host, bool Alive, bool AdminStateUp, JsonElement Configurations)
{
    /// <summary>When it reported last, UTC.</summary>
    [JsonConverter(typeof(NeutronTimeConverter))]
    public DateTime HeartbeatTimestamp { get; init; }
}

internal sealed record NewNetwork(string Name)
{
    public string? DnsDomain { get; init; }

    public NewSegment[]? Segments { get; init; }
}

/// <summary>A segment of a provider network with several.</summary>
internal sealed record NewSegment(
    [property: JsonPropertyName("provider:physical_network")] string PhysicalNetwork,
    [property: JsonPropertyName("provider:segmentation_id")] int SegmentationId)
{
    [JsonPropertyName("provider:network_type")]
    public string NetworkType => "vlan";
}

internal sealed record NeutronSegment(string Id, string PhysicalNetwork);

internal sealed record NewSubnet(string NetworkId, string Cidr)
{
    public int IpVersion => Cidr.Contains(':', StringComparison.Ordinal) ? 6 : 4;

    public string? GatewayIp { get; init; }

    public string? SegmentId { get; init; }

    public string[]? DnsNameservers { get; init; }

    public HostRoute[]? HostRoutes { get; init; }

    [JsonPropertyName("ipv6_address_mode")]
    public string? Ipv6AddressMode { get; init; }

    [JsonPropertyName("ipv6_ra_mode")]
    public string? Ipv6RaMode { get; init; }
}

internal sealed record HostRoute(string Destination, string Nexthop);

internal sealed record ExtraDhcpOpt(string OptName, string OptValue, int IpVersion = 4);

internal sealed record NewPort(string NetworkId)
{
    public string DeviceOwner { get; init; } = "compute:nova";

    public string? DeviceId { get; init; }

    /// <summary>Where it binds, and so may become ACTIVE.</summary>
    [JsonPropertyName("binding:host_id")]
    public string? HostId { get; init; }

    public ExtraDhcpOpt[]? ExtraDhcpOpts { get; init; }

    public NeutronFixedIp[]? FixedIps { get; init; }
}
