using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Testing.Lab;

/// <summary>A wire of its own: a bridge in the host's namespace, to which stations and drivers connect their links.</summary>
public sealed class LabNetwork
{
    private readonly LinuxLab _lab;

    /// <summary>Makes the bridge; the lab takes it away.</summary>
    public LabNetwork(LinuxLab lab)
    {
        _lab = lab;
        Bridge = lab.NewBridge();
    }

    /// <summary>The bridge.</summary>
    public Link Bridge { get; }

    /// <summary>Connects a new machine.</summary>
    /// <param name="cancellationToken">Ends the test.</param>
    /// <param name="mac">Of its link; null lets the kernel choose.</param>
    /// <param name="linkName">The name of its link, inside.</param>
    public async Task<LabStation> AddStationAsync(CancellationToken cancellationToken, MacAddress? mac = null, string linkName = "eth0")
    {
        var ns = await _lab.NewNamespaceAsync(cancellationToken);
        // No prefix or address of a router's advertisement before a test's client asks for one.
        await _lab.Namespaces.WriteSysctlAsync(ns, "net/ipv6/conf/default/accept_ra", "0", cancellationToken);
        var spec = new VethSpec(_lab.NewName("v"), linkName) { PeerNamespace = ns, PeerMac = mac, MasterIndex = Bridge.Index, IsUp = true };
        _lab.Host.Execute(b => b.CreateVeth(spec));
        var netlink = await RouteNetlink.OpenAsync(_lab.Broker, ns, cancellationToken);
        var link = netlink.GetLink(linkName);
        netlink.Execute(b => b.SetUp(link.Index));
        return new LabStation(ns, netlink, link);
    }
}
