using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>Makes the model's network of what Neutron's server answers: the same, whichever question it answers, and with what the options add.</summary>
internal sealed class NetworkShape(NeutronOptions options)
{
    /// <summary>
    /// Without the subnets that have no DHCP: only a list of all networks has them, and a network must not differ by the question. Subnets are in the order of
    /// their ids.
    /// </summary>
    public Network Apply(Network network) => network with
    {
        Subnets = Served(network.Subnets),
        NonLocalSubnets = Served(network.NonLocalSubnets),
        Metadata = Mode,
    };

    /// <summary>
    /// Neutron's <c>should_enable_metadata</c>, as far as options decide it; the site's metadata access networks (<c>defaults.metadata_networks</c>), routers
    /// and OVN's ports decide the rest.
    /// </summary>
    private MetadataMode Mode => options switch
    {
        { ForceMetadata: true } => MetadataMode.Forced,
        { EnableIsolatedMetadata: true } => MetadataMode.Isolated,
        _ => MetadataMode.Default,
    };

    private static EquatableArray<Subnet> Served(EquatableArray<Subnet> subnets) =>
        subnets.Where(subnet => subnet.EnableDhcp).OrderBy(subnet => subnet.Id).ToEquatableArray();
}
