using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>Changes made through Neutron's API, followed.</summary>
public sealed class ChangeTests(OpenStackLab neutron) : NeutronHostTest(neutron)
{
    [Fact]
    public async Task A_port_that_gets_another_address_is_served_with_it()
    {
        var (network, subnet) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        Assert.Equal(port.Address(), (await LeaseAsync(station)).Address?.ToString());

        var address = new { subnet_id = subnet.Id, ip_address = "10.0.0.200" };
        _ = await Api.UpdatePortAsync(port.Id, new { fixed_ips = new[] { address } }, Token);
        await Eventually.TrueAsync(
            () => Host.Reservations(network.Id).Contains("10.0.0.200", StringComparison.Ordinal),
            Deadline, Token, "the new address is reserved");

        Assert.Equal("10.0.0.200", (await LeaseAsync(station)).Address?.ToString());
    }

    [Fact]
    public async Task A_deleted_port_is_not_served_any_more()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await ServeNewPortAsync(network.Id);

        await Api.DeletePortAsync(port.Id, Token);

        await Eventually.TrueAsync(
            () => !Host.Reservations(network.Id).Contains(port.MacAddress, StringComparison.Ordinal),
            Deadline, Token, "the reservation is gone");
    }

    [Fact]
    public async Task Name_servers_and_gateway_of_a_subnet_follow_its_update()
    {
        var (network, subnet) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        Assert.Equal("9.9.9.9", (await LeaseAsync(station))["dns"]);

        _ = await Api.UpdateSubnetAsync(subnet.Id, new { dns_nameservers = new[] { "1.1.1.1" }, gateway_ip = (string?)null }, Token);

        await EventuallyAsync(
            async () => await LeaseAsync(station, "router") is var lease && lease["dns"] == "1.1.1.1" && lease["router"] is null,
            "the lease has the new name server and no router");
    }

    [Fact]
    public async Task A_network_that_is_down_has_no_server_and_is_served_again_when_it_is_up()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await ServeNewPortAsync(network.Id);

        _ = await Api.UpdateNetworkAsync(network.Id, new { admin_state_up = false }, Token);
        await WaitForNoServerAsync(network.Id);
        _ = await Api.UpdateNetworkAsync(network.Id, new { admin_state_up = true }, Token);
        _ = await WaitForServerAsync(network.Id);

        Assert.Contains(port.MacAddress, Host.Reservations(network.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_subnet_is_served_beside_the_first_and_the_server_ends_with_the_last_one()
    {
        var (network, first) = await CreateIpv4NetworkAsync();
        _ = await ServeNewPortAsync(network.Id);
        var second = await Api.CreateSubnetAsync(new NewSubnet(network.Id, "10.0.9.0/24"), Token);
        var port = await Api.CreatePortAsync(
            new NewPort(network.Id) { HostId = Host.Name, FixedIps = [new NeutronFixedIp(second.Id, "10.0.9.50")] }, Token);
        using (var station = await PlugAsync(port))
        {
            Assert.Equal("10.0.9.50", (await LeaseAsync(station)).Address?.ToString());
        }

        foreach (var each in (await Api.ListPortsAsync(network.Id, Token)).Where(p => p.DeviceOwner != "network:dhcp"))
        {
            await Api.DeletePortAsync(each.Id, Token);
        }
        await Api.DeleteSubnetAsync(second.Id, Token);
        await EventuallyAsync(
            async () => (await Api.ListPortsAsync(network.Id, Token)).Single().FixedIps is [var only] && only.SubnetId == first.Id,
            "the host's own port is on the first subnet alone");
        _ = await ServeNewPortAsync(network.Id);

        foreach (var each in (await Api.ListPortsAsync(network.Id, Token)).Where(p => p.DeviceOwner != "network:dhcp"))
        {
            await Api.DeletePortAsync(each.Id, Token);
        }
        await Api.DeleteSubnetAsync(first.Id, Token);
        await WaitForNoServerAsync(network.Id);
    }

    [Fact]
    public async Task A_deleted_network_takes_its_server_and_its_namespace_with_it()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await WaitForServerAsync(network.Id);
        Assert.True(HasNamespace(network.Id));

        await Api.DeleteNetworkAsync(network.Id, Token);

        await WaitForNoServerAsync(network.Id);
        await Eventually.TrueAsync(() => !HasNamespace(network.Id), Deadline, Token, "its namespace is gone");
    }

    [Fact]
    public async Task A_network_that_is_taken_from_the_agent_is_not_served_until_it_is_given_back_and_then_with_its_old_port()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await WaitForServerAsync(network.Id);
        var agent = Assert.Single(await Api.ListDhcpAgentsAsync(network.Id, Token));
        var own = Assert.Single(await Api.ListPortsAsync(network.Id, Token));

        await Api.RemoveFromAgentAsync(agent.Id, network.Id, Token);
        await WaitForNoServerAsync(network.Id);
        Assert.Equal("reserved_dhcp_port", (await Api.GetPortAsync(own.Id, Token)).DeviceId);
        await Api.AddToAgentAsync(agent.Id, network.Id, Token);

        _ = await ServeNewPortAsync(network.Id);
        var again = Assert.Single(await Api.ListPortsAsync(network.Id, Token), port => port.DeviceOwner == "network:dhcp");
        Assert.Equal((own.Id, own.DeviceId), (again.Id, again.DeviceId));
    }
}
