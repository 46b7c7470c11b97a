using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>Makes the model's network of what Neutron's server answers: the same, whichever question it answers, and with what the options add.</summary>
internal sealed class NetworkShape(NeutronOptions options)
{
    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");

    /// <summary>
    /// Without the subnets that have no DHCP: only a list of all networks has them, and a network must not differ by the question. Subnets are in the order of
    /// their ids.
    /// </summary>
    public Network Apply(Network network) => network with
    {
        Subnets = Served(network.Subnets),
        NonLocalSubnets = Served(network.NonLocalSubnets),
        Metadata = ModeOf(network),
    };

    /// <summary>Neutron's <c>should_enable_metadata</c>, as far as options decide it; routers and OVN's ports decide the rest.</summary>
    private MetadataMode ModeOf(Network network) => options switch
    {
        { ForceMetadata: true } => MetadataMode.Forced,
        { EnableIsolatedMetadata: true, EnableMetadataNetwork: true } when network.Subnets.Concat(network.NonLocalSubnets).Any(IsLinkLocal) =>
            MetadataMode.Forced,
        { EnableIsolatedMetadata: true } => MetadataMode.Isolated,
        _ => MetadataMode.Default,
    };

    private static bool IsLinkLocal(Subnet subnet) =>
        subnet.IpVersion == 4 && subnet.Cidr.PrefixLength >= LinkLocal.PrefixLength && LinkLocal.Contains(subnet.Cidr.BaseAddress);

    private static EquatableArray<Subnet> Served(EquatableArray<Subnet> subnets) =>
        subnets.Where(subnet => subnet.EnableDhcp).OrderBy(subnet => subnet.Id).ToEquatableArray();
}
