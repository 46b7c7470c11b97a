using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>What network files say beyond addresses, in the hands of real clients.</summary>
public sealed class ServiceTests : EndToEndTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_pool_that_is_exhausted_gives_nothing_until_an_operator_ends_a_lease_and_reservations_are_served_all_the_same()
    {
        var id = await StartAsync($$"""
            bridge = "{{Host.Bridge}}"

            [[subnets]]
            cidr = "10.77.0.0/24"
            pools = [{ start = "10.77.0.10", end = "10.77.0.11" }]

            [[reservations]]
            mac = "fa:16:3e:77:00:01"
            addresses = ["10.77.0.101"]
            """);
        var first = await LeaseAsync();
        var second = await LeaseAsync();
        Assert.Equal(["10.77.0.10", "10.77.0.11"], new[] { $"{first}", $"{second}" }.Order());

        using var station = await AddStationAsync(Host.Bridge);
        await using var third = new UdhcpcClient(Lab, station);
        Assert.Null(await third.RequestAsync(Token, Patience));
        Assert.Equal(IPAddress.Parse("10.77.0.101"), await LeaseAsync("fa:16:3e:77:00:01"));

        await Host.RunAsync(Token, "release", id.Value, $"{first}");

        Assert.Equal(first, (await third.WaitAsync(lease => lease.IsBound, Token, HostProcess.Deadline))?.Address);
    }

    [Fact]
    public async Task Options_by_number_and_by_name_reach_the_client()
    {
        await StartAsync($$"""
            bridge = "{{Host.Bridge}}"
            mtu = 1400
            options = { 234 = "from the file", ntp-server = ["10.77.0.3", "10.77.0.4"] }

            [[subnets]]
            cidr = "10.77.0.0/24"
            pools = [{ start = "10.77.0.10", end = "10.77.0.50" }]
            routes = [{ destination = "10.99.0.0/16", next_hop = "10.77.0.9" }]
            """);
        using var station = await AddStationAsync(Host.Bridge);
        await using var client = new UdhcpcClient(Lab, station, ["234", "ntpsrv", "mtu", "staticroutes"]);

        var lease = await client.LeaseAsync(Token);

        Assert.Equal("from the file", System.Text.Encoding.ASCII.GetString(Convert.FromHexString(lease["opt234"]!)));
        Assert.Equal("10.77.0.3 10.77.0.4", lease["ntpsrv"]);
        Assert.Equal("1400", lease["mtu"]);
        Assert.Contains("10.99.0.0/16 10.77.0.9", lease["staticroutes"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stateless_IPv6_subnet_gives_options_by_DHCPv6_and_addresses_by_router_advertisements()
    {
        await StartAsync($"""
            bridge = "{Host.Bridge}"

            [[subnets]]
            cidr = "fd00:78::/64"
            ipv6_mode = "stateless"
            dns_servers = ["fd00:78::53"]
            """);
        using var station = await AddStationAsync(Host.Bridge);
        await station.WaitForLinkLocalAsync(Token);
        await using var client = new DhclientClient(Lab, station, DhclientMode.V6Stateless);

        var answer = await client.LeaseAsync(Token);

        Assert.Null(answer.Address);
        Assert.Equal("fd00:78::53", answer["new_dhcp6_name_servers"]);
        await Testing.Eventually.TrueAsync(
            () => station.Netlink.ListAddresses(station.Link.Index).Any(
                address => IPNetwork.Parse("fd00:78::/64").Contains(address.Address)), HostProcess.Deadline, Token);
    }

    private async Task<NetworkId> StartAsync(string toml)
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, toml);
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        return id;
    }

    private async Task<IPAddress> LeaseAsync(string? mac = null)
    {
        using var station = await AddStationAsync(Host.Bridge, mac);
        await using var client = new UdhcpcClient(Lab, station);
        return (await client.LeaseAsync(Token)).Address!;
    }
}
