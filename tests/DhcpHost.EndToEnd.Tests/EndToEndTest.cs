using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>A lab and a host of its own for each test.</summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    private protected EndToEndTest(string extraConfig = "")
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "makes namespaces and servers: run it as root");
        Lab = new LinuxLab();
        Host = new HostProcess(Lab, extraConfig);
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected LinuxLab Lab { get; }

    private protected HostProcess Host { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A client's namespace with a link into a bridge.</summary>
    private protected async Task<LabStation> AddStationAsync(string bridge, string? mac = null)
    {
        var ns = await Lab.NewNamespaceAsync(Token);
        var name = Lab.NewName("v");
        Lab.Host.Execute(batch => batch.CreateVeth(new VethSpec(name, "eth0")
        {
            PeerNamespace = ns,
            PeerMac = mac is null ? null : MacAddress.Parse(mac),
            MasterIndex = Lab.Host.GetLink(bridge).Index,
            IsUp = true,
        }));
        var inside = await RouteNetlink.OpenAsync(Lab.Broker, ns, Token);
        inside.Execute(batch => batch.SetUp(inside.GetLink("eth0").Index));
        return new LabStation(ns, inside, inside.GetLink("eth0"));
    }
}
