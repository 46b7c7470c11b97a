using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>From network files to leases in the hands of real clients.</summary>
public sealed class LeaseTests : EndToEndTest
{
    private const string Reserved = "fa:16:3e:77:00:01";

    [Fact]
    public async Task A_reservation_and_a_stranger_each_get_their_lease_on_two_networks_with_the_same_subnet()
    {
        var (first, second) = (Host.NewNetworkId(), Host.NewNetworkId());
        var otherBridge = Lab.NewName("c");
        Host.WriteNetwork(first, Host.NetworkToml());
        Host.WriteNetwork(second, Host.NetworkToml().Replace($"\"{Host.Bridge}\"", $"\"{otherBridge}\"", StringComparison.Ordinal));
        await Host.StartSyncedAsync(Token);

        foreach (var bridge in new[] { Host.Bridge, otherBridge })
        {
            using var known = await AddStationAsync(bridge, Reserved);
            await using var knownClient = new UdhcpcClient(Lab, known);
            var lease = await knownClient.LeaseAsync(Token);
            Assert.Equal(IPAddress.Parse("10.77.0.101"), lease.Address);
            Assert.Equal("10.77.0.1", lease["router"]);
            Assert.Equal("9.9.9.9", lease["dns"]);

            using var stranger = await AddStationAsync(bridge);
            await using var strangerClient = new UdhcpcClient(Lab, stranger);
            var address = (await strangerClient.LeaseAsync(Token)).Address!.GetAddressBytes();
            Assert.InRange(address[3], 10, 50);
        }

        var leases = await Host.TryGetAsync<Lease[]>($"/v1/networks/{first}/leases", Token);
        Assert.Contains(leases!, lease => lease.Address.Equals(IPAddress.Parse("10.77.0.101")) && lease.MacAddress == MacAddress.Parse(Reserved));
    }

    [Fact]
    public async Task A_reservation_added_while_clients_run_is_served_and_no_client_notices()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml(reservations: 1));
        await Host.StartSyncedAsync(Token);
        using var known = await AddStationAsync(Host.Bridge, Reserved);
        await using var knownClient = new UdhcpcClient(Lab, known);
        _ = await knownClient.LeaseAsync(Token);

        Host.WriteNetwork(id, Host.NetworkToml(reservations: 2));
        using var added = await AddStationAsync(Host.Bridge, "fa:16:3e:77:00:02");
        await using var addedClient = new UdhcpcClient(Lab, added);
        await Testing.Eventually.TrueAsync(
            async () => await Host.StatusAsync(id, Token) is { Ports: 2 or 3, IsInSync: true, Phase: NetworkPhase.Ready }, HostProcess.Deadline, Token);
        Assert.Equal(IPAddress.Parse("10.77.0.102"), (await addedClient.LeaseAsync(Token)).Address);

        var renewed = await knownClient.RenewAsync(Token);
        Assert.Equal(IPAddress.Parse("10.77.0.101"), renewed!.Address);
    }

    [Fact]
    public async Task An_ipv6_client_gets_its_stateful_lease()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, $"""
            bridge = "{Host.Bridge}"

            [[subnets]]
            cidr = "fd00:77::/64"
            server_address = "fd00:77::2"
            ipv6_mode = "stateful"
            pools = [{"{"} start = "fd00:77::100", end = "fd00:77::1ff" {"}"}]
            """);
        await Host.StartSyncedAsync(Token);
        using var station = await AddStationAsync(Host.Bridge);
        await station.WaitForLinkLocalAsync(Token);
        await using var client = new DhclientClient(Lab, station, DhclientMode.V6Stateful);

        var lease = await client.LeaseAsync(Token);

        Assert.True(IPNetwork.Parse("fd00:77::/64").Contains(lease.Address!));
    }

    [Fact]
    public async Task A_broken_network_file_keeps_its_last_good_content_and_says_where_it_is_broken()
    {
        var (good, broken) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(good, Host.NetworkToml());
        Host.WriteNetwork(broken, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        var servers = Host.Servers();

        Host.WriteNetwork(broken, Host.NetworkToml().Replace("cidr", "cdir", StringComparison.Ordinal));

        await Testing.Eventually.TrueAsync(
            async () => (await Host.EngineAsync(Token))!.Sources.Values
                .SelectMany(health => health.Problems).Any(
                    problem => problem.Contains($"{broken}.toml:4:1", StringComparison.Ordinal) && problem.Contains("cidr", StringComparison.Ordinal)),
            HostProcess.Deadline, Token);
        Assert.Equal(NetworkPhase.Ready, (await Host.StatusAsync(broken, Token))!.Phase);
        Assert.Equal(servers, Host.Servers());
    }

    [Fact]
    public async Task A_network_whose_file_is_deleted_leaves_nothing()
    {
        var (stays, goes) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(stays, Host.NetworkToml());
        Host.WriteNetwork(goes, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);

        Host.DeleteNetwork(goes);

        await Testing.Eventually.TrueAsync(async () => await Host.StatusAsync(goes, Token) is null, HostProcess.Deadline, Token);
        await Testing.Eventually.TrueAsync(() => Host.Servers(goes).Count == 0 && !Lab.Namespaces.Exists($"qdhcp-{goes}"), HostProcess.Deadline, Token);
        _ = Assert.Single(Host.Servers(stays));
    }
}
