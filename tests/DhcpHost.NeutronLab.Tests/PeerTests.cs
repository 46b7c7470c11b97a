using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>The lab itself, with the agent that Debian ships: what these tests expect of DhcpHost is what it does.</summary>
public sealed class PeerTests(OpenStackLab neutron) : NeutronLabTest(neutron)
{
    [Fact]
    public async Task A_client_of_neutrons_own_agent_gets_its_ports_address_and_the_port_becomes_active()
    {
        var agent = new PeerAgent(Lab, Neutron.Broker.TransportUrl, OpenStackLab.Hosts[0], Root);
        await agent.StartAsync(Token);
        _ = await WaitForAgentAsync(OpenStackLab.Hosts[0]);
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        await using var client = new UdhcpcClient(Lab, station, ["mtu", "staticroutes"]);
        await client.StartAsync(Token);

        var lease = await client.WaitAsync(e => e.IsBound, Token, Deadline);

        Assert.Equal(port.Address(), lease?.Address?.ToString());
        Assert.Equal("1450", lease!["mtu"]);
        await WaitForStatusAsync(port, "ACTIVE");
        Assert.NotNull(agent.ServerOf(network.Id));
    }
}
