using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>A test with DhcpHost as the DHCP agent of the first host.</summary>
public abstract class NeutronHostTest(OpenStackLab neutron) : NeutronLabTest(neutron)
{
    private readonly List<NeutronHost> _hosts = [];

    private protected NeutronHost Host => _hosts[0];

    /// <summary>More keys of <c>[defaults]</c> for the hosts of these tests.</summary>
    private protected virtual string Defaults => "";

    /// <summary>More tables for them.</summary>
    private protected virtual string Tables => "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        AddHost(OpenStackLab.Hosts[0]);
        await Host.StartAsync(Token);
        _ = await WaitForAgentAsync(Host.Name);
    }

    public override async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(await Neutron.ReadLogsAsync(CancellationToken.None));
            foreach (var host in _hosts)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{host.Name}: {await host.ReadLogAsync(CancellationToken.None)}");
            }
        }
        foreach (var host in _hosts)
        {
            await host.KillAsync(CancellationToken.None);
            host.KillServers();
        }
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another host, not started yet.</summary>
    private protected NeutronHost AddHost(string name, bool hasOwnNamespaces = false)
    {
        var host = NeutronHost.Create(Lab, Neutron, name, Path.Combine(Root, name), hasOwnNamespaces, Defaults, Tables);
        _hosts.Add(host);
        return host;
    }

    /// <summary>
    /// Waits until a host has one server for the network, the same twice: one that got its limits too late is started again. Returns its process.
    /// </summary>
    private protected async Task<int> WaitForServerAsync(string networkId, NeutronHost? host = null)
    {
        int? seen = null;
        await Eventually.TrueAsync(
            () =>
            {
                var before = seen;
                seen = (host ?? Host).Servers(networkId) is [var server] ? server : null;
                return seen is not null && seen == before;
            },
            Deadline,
            Token,
            $"one server serves {networkId}");
        return seen!.Value;
    }

    private protected Task WaitForNoServerAsync(string networkId) =>
        Eventually.TrueAsync(() => Host.Servers(networkId).Count == 0, Deadline, Token, $"no server serves {networkId}");

    /// <summary>Makes a port, plugs its machine in and asks for a lease, which must be the port's address.</summary>
    private protected async Task<NeutronPort> ServeNewPortAsync(string networkId)
    {
        var port = await CreatePortAsync(networkId);
        using var station = await PlugAsync(port);
        Assert.Equal(port.Address(), (await LeaseAsync(station)).Address?.ToString());
        return port;
    }

    private protected bool HasNamespace(string networkId) => Lab.Namespaces.Exists($"qdhcp-{networkId}");
}
