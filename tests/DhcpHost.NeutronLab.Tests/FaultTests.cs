using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>What breaks in a cloud: the broker, the server, the host itself.</summary>
public sealed class FaultTests(OpenStackLab neutron) : NeutronHostTest(neutron)
{
    [Fact]
    public async Task The_agent_is_alive_and_tells_what_it_serves()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await WaitForServerAsync(network.Id);

        await EventuallyAsync(
            async () => await WaitForAgentAsync(Host.Name) is { Binary: "neutron-dhcp-agent", AdminStateUp: true } agent
                && agent.Configurations.GetProperty("networks").GetInt32() == 1
                && agent.Configurations.GetProperty("subnets").GetInt32() == 1,
            "the agent reports one network and one subnet");
        Assert.Equal(Host.Name, Assert.Single(await Api.ListDhcpAgentsAsync(network.Id, Token)).Host);
    }

    [Fact]
    public async Task A_broker_that_is_killed_stops_no_server_and_what_happens_after_its_return_is_served()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var served = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(served);
        _ = await LeaseAsync(station);
        var server = await WaitForServerAsync(network.Id);

        await Neutron.Broker.KillAsync(Token);
        Assert.Equal(served.Address(), (await LeaseAsync(station)).Address?.ToString());
        await Neutron.Broker.StartAsync(Token);
        await Neutron.WaitReadyAsync(Token);

        _ = await ServeNewPortAsync(network.Id);
        Assert.Equal(server, await WaitForServerAsync(network.Id));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_back_serves_the_host_as_before()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await ServeNewPortAsync(network.Id);
        var server = await WaitForServerAsync(network.Id);

        await Neutron.Server.KillAsync(Token);
        await Neutron.Server.StartAsync(Token);
        await Neutron.WaitReadyAsync(Token);

        _ = await ServeNewPortAsync(network.Id);
        Assert.Equal(server, await WaitForServerAsync(network.Id));
    }

    [Fact]
    public async Task What_changed_while_the_host_was_down_is_so_after_its_start_and_nothing_else_is_touched()
    {
        var (kept, _) = await CreateIpv4NetworkAsync("kept");
        var (deleted, _) = await CreateIpv4NetworkAsync("deleted");
        var server = await WaitForServerAsync(kept.Id);
        _ = await WaitForServerAsync(deleted.Id);
        await Host.StopAsync(Token);
        Assert.Equal(server, Assert.Single(Host.Servers(kept.Id)));

        await Api.DeleteNetworkAsync(deleted.Id, Token);
        var (created, _) = await CreateIpv4NetworkAsync("created");
        await Host.StartAsync(Token);

        _ = await ServeNewPortAsync(created.Id);
        await WaitForNoServerAsync(deleted.Id);
        await Eventually.TrueAsync(() => !HasNamespace(deleted.Id), Deadline, Token, "the deleted network's namespace is gone");
        Assert.Equal(server, Assert.Single(Host.Servers(kept.Id)));
    }

    [Fact]
    public async Task A_host_that_is_killed_in_a_burst_of_new_ports_loses_none()
    {
        const int Ports = 40;
        var (network, _) = await CreateIpv4NetworkAsync();
        var server = await WaitForServerAsync(network.Id);

        var burst = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var ports = new List<NeutronPort>();
            for (var i = 0; i < Ports / 4; i++)
            {
                ports.Add(await CreatePortAsync(network.Id));
            }
            return ports;
        }));
        await Eventually.TrueAsync(
            () => Host.Reservations(network.Id).Split('\n').Length > Ports / 4, Deadline, Token, "the burst is being served");
        await Host.KillAsync(Token);
        await Host.StartAsync(Token);
        var ports = (await burst).SelectMany(some => some).ToArray();

        await Eventually.TrueAsync(
            () => Host.Reservations(network.Id) is var lines
                && ports.All(port => lines.Contains($"{port.MacAddress},", StringComparison.Ordinal)),
            Deadline, Token, "all ports of the burst are reserved");
        using var station = await PlugAsync(ports[^1]);
        Assert.Equal(ports[^1].Address(), (await LeaseAsync(station)).Address?.ToString());
        await WaitForStatusAsync(ports[^1], "ACTIVE");
        Assert.Equal(server, await WaitForServerAsync(network.Id));
    }

    [Fact]
    public async Task Two_hosts_serve_a_network_and_one_goes_on_alone_when_the_other_has_gone_with_its_servers()
    {
        var second = AddHost(OpenStackLab.Hosts[1], hasOwnNamespaces: true);
        await second.StartAsync(Token);
        _ = await WaitForAgentAsync(second.Name);
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await WaitForServerAsync(network.Id);
        _ = await WaitForServerAsync(network.Id, second);
        Assert.Equal(2, (await Api.ListPortsAsync(network.Id, Token)).Count(port => port.DeviceOwner == "network:dhcp"));
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        Assert.Equal(port.Address(), (await LeaseAsync(station)).Address?.ToString());

        await Host.KillAsync(Token);
        Host.KillServers();

        var lease = await LeaseAsync(station);
        Assert.Equal(port.Address(), lease.Address?.ToString());
        var other = (await Api.ListPortsAsync(network.Id, Token)).Where(p => p.DeviceOwner == "network:dhcp").Select(p => p.Address());
        Assert.Contains(lease.ServerIdentifier?.ToString(), other);
    }
}
