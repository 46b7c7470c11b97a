using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;
using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>What nova does on a compute host: the link of an instance's port.</summary>
internal static class LabInstance
{
    /// <summary>A namespace with a link of the port's MAC address; its other end has the name by which the L2 agent knows the port.</summary>
    public static async Task<LabStation> PlugAsync(LinuxLab lab, NeutronPort port, CancellationToken cancellationToken)
    {
        var ns = await lab.NewNamespaceAsync(cancellationToken);
        await lab.Namespaces.WriteSysctlAsync(ns, "net/ipv6/conf/default/accept_ra", "0", cancellationToken);
        var spec = new VethSpec(port.TapName, "eth0") { PeerNamespace = ns, PeerMac = MacAddress.Parse(port.MacAddress) };
        lab.Host.Execute(batch => batch.CreateVeth(spec));
        var inside = await RouteNetlink.OpenAsync(lab.Broker, ns, cancellationToken);
        inside.Execute(batch => batch.SetUp(inside.GetLink("eth0").Index));
        return new LabStation(ns, inside, inside.GetLink("eth0"));
    }
}
