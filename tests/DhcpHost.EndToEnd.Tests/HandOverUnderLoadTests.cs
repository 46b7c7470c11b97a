using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.EndToEnd.Tests.Load;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>
/// A network goes from one DHCP driver to the next while hundreds of its clients ask without pause, and new ones come. None of
/// them ever has another address.
/// </summary>
public sealed class HandOverUnderLoadTests : EndToEndTest
{
    private const int FirstClients = 60;
    private const int Newcomers = 12;
    private const string Reserved = "fa:16:3e:77:00:01";

    private readonly LoadWitness _witness = new();
    private readonly List<LoadClient> _clients = [];
    private readonly List<Task> _running = [];

    [Fact]
    public async Task No_client_gets_another_address_or_a_refusal_from_dnsmasq_to_inprocess_to_Kea_and_back_under_load()
    {
        Host.AddKea();
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Toml("dnsmasq"));
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var station = await AddStationAsync(Host.Bridge);
        await using var v4 = await V4LoadWire.OpenAsync(Lab, station, IPAddress.Parse("10.77.0.2"), _witness, Token);
        await using var v6 = await V6LoadWire.OpenAsync(Lab, station, _witness, Token);
        await using var real = await RealClients.StartAsync(
            Lab, [await AddStationAsync(Host.Bridge, Reserved), await AddStationAsync(Host.Bridge)], [
                await AddStationAsync(Host.Bridge), await AddStationAsync(Host.Bridge)], Token);
        Join(v4, v6, FirstClients, stop.Token);
        await ServedAsync();

        // Every driver after every other one: by its network's file, and at last by a policy.
        foreach (var driver in new[] { "inprocess", "kea", "dnsmasq", "kea", "inprocess", "dnsmasq" })
        {
            Host.WriteNetwork(id, Toml(driver));
            await ChangedAsync(id, driver, v4, v6, real, stop.Token);
        }

        Host.WriteScript("policies/select-driver", """Decide(context => context.Default with { Dhcp = new DriverId("inprocess") });""");
        await ChangedAsync(id, "inprocess", v4, v6, real, stop.Token);
        await stop.CancelAsync();
        await Task.WhenAll(_running.Select(client => client.ContinueWith(
            ended => Assert.Null(ended.Exception), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        TestContext.Current.SendDiagnosticMessage($"{_clients.Count} clients, {_witness.Answered} answers, {_witness.Lost} asked in vain");
    }

    /// <summary>Lets new clients come while the driver changes; then everybody is served as before, and the host's list says who has what.</summary>
    private async Task ChangedAsync(NetworkId id, string driver, V4LoadWire v4, V6LoadWire v6, RealClients real, CancellationToken stop)
    {
        if (driver != "dnsmasq")
        {
            // dnsmasq looks for three seconds whether an address is in use that it gives for the first time, and serves nobody meanwhile.
            Join(v4, v6, Newcomers, stop);
        }

        await Eventually.TrueAsync(
            async () =>
                await Host.StatusAsync(id, Token) is { IsInSync: true, Phase: NetworkPhase.Ready } status && status.Drivers?.Dhcp == new DriverId(driver),
            HostProcess.Deadline, Token, $"the network is served by {driver}");
        await ServedAsync();
        await real.KeepTheirAddressesAsync(driver, Token);

        // dnsmasq writes its file anew with each renewal, in place: who reads it meanwhile sees a part of it.
        var leases = new Dictionary<IPAddress, Lease>();
        await Eventually.TrueAsync(
            async () =>
            {
                leases = (await Host.TryGetAsync<Lease[]>($"/v1/networks/{id}/leases", Token))!.ToDictionary(lease => lease.Address);
                return _clients.TrueForAll(client => leases.ContainsKey(client.Address!));
            },
            driver == "dnsmasq" ? HostProcess.Deadline : TimeSpan.Zero, Token, $"{driver} lists what all clients have");
        foreach (var client in _clients)
        {
            var lease = leases[client.Address!];
            Assert.Equal(client switch { V6LoadClient six => (six.Duid, six.Iaid), _ => (null, null) }, (lease.Duid, lease.Iaid));
            Assert.True(client is not V4LoadClient four || lease.MacAddress == four.Mac, $"{driver} lists {lease.MacAddress} for {client.Name}");
        }

        // Renewals name the server: one that is another to them after the change would leave them unanswered until T2.
        _ = Assert.Single(_witness.ServerDuids);
    }

    /// <summary>Waits until every client asked after now and was answered; fails at the first answer that should not be.</summary>
    private async Task ServedAsync()
    {
        _witness.NextRound();
        var round = _witness.Round;
        await Eventually.TrueAsync(
            () => _witness.Faults.Count > 0 || _clients.TrueForAll(client => client.ServedRound >= round) || _running.Exists(client => client.IsFaulted),
            HostProcess.Deadline, Token, $"all {_clients.Count} clients are served in round {round}");
        Assert.Empty(_witness.Faults);
        Assert.All(_running, client => Assert.Null(client.Exception));
    }

    private void Join(V4LoadWire v4, V6LoadWire v6, int count, CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var client in (LoadClient[])[v4.Add(_clients.Count), v6.Add(_clients.Count + 1)])
            {
                _clients.Add(client);
                _running.Add(client.RunAsync(stop));
            }
        }
    }

    private string Toml(string driver) => $"""
        dhcp_driver = "{driver}"
        bridge = "{Host.Bridge}"

        [[subnets]]
        cidr = "10.77.0.0/22"
        gateway = "10.77.0.1"
        server_address = "10.77.0.2"
        pools = [{"{"} start = "10.77.1.0", end = "10.77.3.200" {"}"}]

        [[subnets]]
        cidr = "fd77::/64"
        gateway = "fd77::1"
        server_address = "fd77::2"
        router_advertisements = false
        pools = [{"{"} start = "fd77::1000", end = "fd77::ffff" {"}"}]

        [[reservations]]
        mac = "{Reserved}"
        addresses = ["10.77.0.101"]
        hostname = "vm1"
        """;
}
