using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>DhcpHost in the place of neutron-dhcp-agent on a host that serves already, and the way back.</summary>
public sealed class TakeoverTests(OpenStackLab neutron) : NeutronLabTest(neutron)
{
    private static readonly string HostName = OpenStackLab.Hosts[0];

    private NeutronHost? _host;

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(await _host.ReadLogAsync(CancellationToken.None));
            }
            await _host.KillAsync(CancellationToken.None);
        }
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Servers_namespaces_and_ports_of_the_agent_are_taken_over_without_a_restart_and_serve_new_ports()
    {
        var agent = NewAgent();
        await agent.StartAsync(Token);
        _ = await WaitForAgentAsync(HostName);
        var (network, _) = await CreateIpv4NetworkAsync();
        var old = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(old);
        Assert.Equal(old.Address(), (await LeaseAsync(station)).Address?.ToString());
        var server = agent.ServerOf(network.Id);
        var own = await OwnPortsAsync(network.Id);
        await agent.StopAsync(Token);

        await StartHostAsync(agent);

        await ServesOldAndNewAsync(network.Id, old, station);
        Assert.Equal(server, Assert.Single(ServersIn(network.Id)));
        Assert.Equal(own, await OwnPortsAsync(network.Id));
    }

    /// <remarks>Agents before 2023.1 have it where that of a network without segments would be: it is replaced then.</remarks>
    [Fact]
    public async Task The_server_of_a_segment_is_taken_over_where_the_agent_has_it_by_segment_and_else_replaced()
    {
        var agent = NewAgent();
        await agent.StartAsync(Token);
        _ = await WaitForAgentAsync(HostName);
        var network = await CreateNetworkAsync(new NewNetwork("routed") { Segments = [.. OpenStackLab.Hosts.Select(host => new NewSegment(host, 101))] });
        var here = (await Api.ListSegmentsAsync(network.Id, Token)).Single(segment => segment.PhysicalNetwork == HostName);
        _ = await Api.CreateSubnetAsync(new NewSubnet(network.Id, "10.1.0.0/24") { SegmentId = here.Id }, Token);
        var old = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(old);
        Assert.Equal(old.Address(), (await LeaseAsync(station)).Address?.ToString());
        var server = agent.ServerOf(network.Id, "101");
        Assert.NotNull(server ?? agent.ServerOf(network.Id));
        await agent.StopAsync(Token);

        await StartHostAsync(agent);

        await ServesOldAndNewAsync(network.Id, old, station);
        await Eventually.TrueAsync(() => ServersIn(network.Id) is [var one] && (server ?? one) == one, Deadline, Token, "one server is left");
        Assert.Equal(ServersIn(network.Id).Single(), agent.ServerOf(network.Id, "101"));
    }

    [Fact]
    public async Task The_agent_that_is_started_again_finds_everything_and_serves_on()
    {
        var agent = NewAgent();
        await StartHostAsync(agent);
        var (network, _) = await CreateIpv4NetworkAsync();
        var old = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(old);
        Assert.Equal(old.Address(), (await LeaseAsync(station)).Address?.ToString());
        var own = await OwnPortsAsync(network.Id);
        var server = Assert.Single(ServersIn(network.Id));
        await _host!.StopAsync(Token);
        Assert.Equal(server, agent.ServerOf(network.Id));

        await agent.StartAsync(Token);

        // It replaces every server at its start.
        await Eventually.TrueAsync(
            () => ServersIn(network.Id) is [var next] && next != server,
            Deadline, Token, "the agent has put its own server in the place of the old one");
        await ServesOldAndNewAsync(network.Id, old, station);
        Assert.Equal(own, await OwnPortsAsync(network.Id));
    }

    private PeerAgent NewAgent() =>
        new(Lab, Neutron.Broker.TransportUrl, HostName, Directory.CreateDirectory(Path.Combine(Root, "agent")).FullName);

    /// <summary>A host with the agent's configuration, imported.</summary>
    private async Task StartHostAsync(PeerAgent agent)
    {
        _host = await NeutronHost.ImportAsync(Lab, Neutron, agent, Path.Combine(Root, "host"), Token);
        await _host.StartAsync(Token);
        _ = await WaitForAgentAsync(HostName);
    }

    /// <summary>A port made now gets its lease and becomes ACTIVE, and <paramref name="old"/> keeps its own.</summary>
    private async Task ServesOldAndNewAsync(string networkId, NeutronPort old, LabStation station)
    {
        var port = await CreatePortAsync(networkId);
        using var newcomer = await PlugAsync(port);
        Assert.Equal(port.Address(), (await LeaseAsync(newcomer)).Address?.ToString());
        Assert.Equal(old.Address(), (await LeaseAsync(station)).Address?.ToString());
        await WaitForStatusAsync(port, "ACTIVE");
    }

    /// <summary>The agent's ports, with their addresses.</summary>
    private async Task<string> OwnPortsAsync(string networkId)
    {
        var ports = (await Api.ListPortsAsync(networkId, Token)).Where(port => port.DeviceOwner == "network:dhcp");
        return string.Join(',', ports.Select(port => $"{port.Id} {port.Address()}"));
    }

    private IReadOnlyList<int> ServersIn(string networkId) => LeftBehind.ProcessesIn(Lab, $"qdhcp-{networkId}");
}
