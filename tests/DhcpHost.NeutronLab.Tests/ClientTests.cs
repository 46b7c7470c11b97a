using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>What instances get whose ports were made through Neutron's API.</summary>
public sealed class ClientTests(OpenStackLab neutron) : NeutronHostTest(neutron)
{
    [Fact]
    public async Task A_client_gets_its_ports_address_routes_name_servers_mtu_and_extra_options_and_the_port_becomes_active()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id, new ExtraDhcpOpt("bootfile-name", "pxelinux.0"), new ExtraDhcpOpt("66", "10.0.0.9"));
        using var station = await PlugAsync(port);

        var lease = await LeaseAsync(station, "mtu", "staticroutes", "bootfile", "tftp", "domain");

        Assert.Equal(port.Address(), lease.Address?.ToString());
        Assert.Equal("9.9.9.9", lease["dns"]);
        Assert.Equal("1450", lease["mtu"]);
        Assert.Equal("192.0.2.0/24 10.0.0.254 0.0.0.0/0 10.0.0.1", lease["staticroutes"]);
        Assert.Equal("lab.example", lease["domain"]);
        Assert.Equal("pxelinux.0", lease["boot_file"] ?? lease["bootfile"]);
        Assert.Equal("10.0.0.9", lease["tftp"]);
        Assert.Equal(TimeSpan.FromDays(1), lease.LeaseTime);
        await WaitForStatusAsync(port, "ACTIVE");
    }

    [Fact]
    public async Task A_client_that_checks_udp_checksums_gets_its_address()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        await using var client = new DhclientClient(Lab, station, DhclientMode.V4);

        var lease = await client.LeaseAsync(Token, Deadline);

        Assert.Equal(port.Address(), lease.Address?.ToString());
        Assert.DoesNotContain("bad udp checksums", client.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_a_network_with_both_families_gets_its_ports_addresses_by_DHCPv4_and_DHCPv6()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        _ = await Api.CreateSubnetAsync(
            new NewSubnet(network.Id, "fd00:77::/64")
            {
                Ipv6AddressMode = "dhcpv6-stateful",
                Ipv6RaMode = "dhcpv6-stateful",
                DnsNameservers = ["2620:fe::fe"],
            },
            Token);
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);

        var ipv6 = await LeaseV6Async(station);
        var ipv4 = await LeaseAsync(station);

        Assert.Equal(port.Address(isIpv6: true), ipv6.Address?.ToString());
        Assert.Equal("2620:fe::fe", ipv6["new_dhcp6_name_servers"]);
        Assert.Equal(port.Address(), ipv4.Address?.ToString());
        await WaitForStatusAsync(port, "ACTIVE");
    }

    [Fact]
    public async Task A_stranger_whose_hardware_address_is_no_ports_gets_nothing()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port with { MacAddress = "fa:16:3e:00:00:01" });
        _ = await WaitForServerAsync(network.Id);

        await using var client = new UdhcpcClient(Lab, station);
        Assert.Null(await client.RequestAsync(Token, TimeSpan.FromSeconds(4)));
    }
}
