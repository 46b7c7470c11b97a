using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.EndToEnd.Tests.Load;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Metadata by the whole product: decided, served, told by DHCP, and handed from one driver to another.</summary>
public sealed class MetadataTests : EndToEndTest
{
    private const string Mac = "fa:16:3e:77:00:01";
    private readonly RecordingUpstream _agent;
    private readonly string _socket;

    public MetadataTests()
        : base("""
            [defaults]
            metadata_driver = "metadata"
            metadata = "isolated"

            [drivers.metadata]
            metadata_proxy_socket = "agent.sock"

            [drivers.haproxy]
            metadata_proxy_socket = "agent.sock"
            metadata_proxy_user = "root"
            stop_timeout = "5s"
            """)
    {
        File.SetUnixFileMode(Host.Root, (UnixFileMode)0b111_101_101);
        _socket = Path.Combine(Host.Root, "agent.sock");
        _agent = RecordingUpstream.OnSocket(_socket);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task A_client_learns_the_way_to_its_metadata_by_DHCP_and_gets_it()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        var status = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.True(Assert.Single(status.Servers).HasMetadata);

        using var station = await AddStationAsync(Host.Bridge, Mac);
        await using var client = new UdhcpcClient(Lab, station, ["staticroutes"]);
        var lease = await client.LeaseAsync(Token);
        Assert.Contains("169.254.169.254/32 10.77.0.2", lease["staticroutes"], StringComparison.Ordinal);
        Configure(station, lease.Address!);

        Assert.Equal("instance data", (await CurlAsync(station, "http://169.254.169.254/latest/meta-data")).Output);
        var request = _agent.Requests.Single(request => request.Target == "/latest/meta-data");
        Assert.Equal([id.Value], request["X-Neutron-Network-ID"]);
        Assert.Equal(["10.77.0.101"], request["X-Forwarded-For"]);
    }

    [Fact]
    public async Task A_network_that_needs_it_no_more_loses_its_proxy_and_its_clients_the_way_to_it()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);

        Host.WriteNetwork(id, $"metadata = \"off\"\n{Host.NetworkToml()}");
        await Eventually.TrueAsync(
            async () => await Host.StatusAsync(id, Token) is { IsInSync: true } status && status.Servers is [{ HasMetadata: false }],
            HostProcess.Deadline,
            Token);

        using var station = await AddStationAsync(Host.Bridge, Mac);
        await using var client = new UdhcpcClient(Lab, station, ["staticroutes"]);
        var lease = await client.LeaseAsync(Token);
        Assert.DoesNotContain("169.254.169.254/32 10.77.0.2", lease["staticroutes"] ?? "", StringComparison.Ordinal);
        Configure(station, lease.Address!);
        // Nothing answers there, not even a refusal: a proxy answers within milliseconds.
        Assert.NotEqual(0, (await CurlAsync(station, "--max-time", "5", "http://169.254.169.254/")).Exit.Code);
    }

    [Fact]
    public async Task From_one_driver_to_the_other_and_back_every_request_is_answered()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        using var station = await AddStationAsync(Host.Bridge, Mac);
        Configure(station, IPAddress.Parse("10.77.0.101"));
        using var enough = new CancellationTokenSource();
        var asking = AskAsync(station, enough.Token);

        foreach (var (from, to) in new[] { ("metadata", "haproxy"), ("haproxy", "metadata"), ("metadata", "haproxy"), ("haproxy", "metadata") })
        {
            Host.EditConfig($"metadata_driver = \"{from}\"", $"metadata_driver = \"{to}\"");
            Host.Signal("HUP");
            await Eventually.TrueAsync(
                async () => await Host.StatusAsync(id, Token) is { IsInSync: true, Phase: NetworkPhase.Ready } status && status.Drivers?.Metadata?.Value == to,
                HostProcess.Deadline, Token);
            Assert.Equal(to == "haproxy" ? 1 : 0, HaProxies(id));
        }

        await enough.CancelAsync();
        var answers = await asking;
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal("200", answer));
    }

    [Fact]
    public async Task Under_load_each_network_is_answered_after_each_change_of_its_decision_and_of_the_driver_and_the_others_always()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Host.NewNetworkId()).ToArray();
        var bridges = ids.Select(_ => Lab.NewName("c")).ToArray();
        void Write(int i, string metadata) =>
            Host.WriteNetwork(
                ids[i], $"metadata = \"{metadata}\"\n{Host.NetworkToml().Replace(Host.Bridge, bridges[i], StringComparison.Ordinal)}");
        for (var i = 0; i < ids.Length; i++)
        {
            Write(i, "forced");
        }

        await Host.StartSyncedAsync(Token);
        var clients = new List<MetadataClients>();
        try
        {
            for (var i = 0; i < ids.Length; i++)
            {
                _ = await Host.WaitForPhaseAsync(ids[i], NetworkPhase.Ready, Token);
                var station = await AddStationAsync(bridges[i], Mac);
                Configure(station, IPAddress.Parse("10.77.0.101"));
                clients.Add(new(Lab, station));
            }

            var (from, turn) = ("metadata", 0);
            foreach (var to in new[] { "haproxy", "metadata", "haproxy", "metadata" })
            {
                var changing = turn++ % ids.Length;
                clients[changing].MayFail = true;
                Write(changing, "off");
                Host.EditConfig($"metadata_driver = \"{from}\"", $"metadata_driver = \"{to}\"");
                Host.Signal("HUP");
                for (var i = 0; i < ids.Length; i++)
                {
                    await Eventually.TrueAsync(
                        async () => await Host.StatusAsync(ids[i], Token) is { IsInSync: true, Phase: NetworkPhase.Ready } status
                            && status.Drivers?.Metadata?.Value == to && status.Servers is [{ HasMetadata: var has }] && has == (i != changing),
                        HostProcess.Deadline, Token, $"network {i} has {to}");
                }

                Assert.NotNull(await clients[changing].AskAsync(Token, TimeSpan.FromSeconds(1)));
                Write(changing, "forced");
                await Eventually.TrueAsync(
                    async () => await Host.StatusAsync(ids[changing], Token) is { IsInSync: true, Phase: NetworkPhase.Ready, Servers: [{ HasMetadata: true }] },
                    HostProcess.Deadline,
                    Token);
                clients[changing].MayFail = false;
                foreach (var client in clients)
                {
                    Assert.Null(await client.AskAsync(Token));
                    Assert.Empty(client.Failures);
                }

                from = to;
            }

            TestContext.Current.SendDiagnosticMessage(string.Join(", ", clients.Select(client => $"{client.Answers} answers")));
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Decisions_that_change_while_networks_change_leave_no_network_without_its_proxy()
    {
        const int count = 8;
        var ids = Enumerable.Range(0, count).Select(_ => Host.NewNetworkId()).ToArray();
        var bridges = ids.ToDictionary(id => id, _ => Lab.NewName("c"));
        string Toml(NetworkId id, int reservations) => Host.NetworkToml(reservations).Replace(Host.Bridge, bridges[id], StringComparison.Ordinal);
        Array.ForEach(ids, id => Host.WriteNetwork(id, Toml(id, 1)));
        await Host.StartSyncedAsync(Token);

        var modes = new[] { "off", "forced", "isolated" };
        for (var round = 1; round <= 6; round++)
        {
            for (var i = 0; i < count; i++)
            {
                Host.WriteNetwork(ids[i], $"metadata = \"{modes[(round + i) % modes.Length]}\"\n{Toml(ids[i], round)}");
            }

            if (round % 2 == 0)
            {
                Host.EditConfig(
                    round % 4 == 0 ? "metadata_driver = \"haproxy\"" : "metadata_driver = \"metadata\"",
                    round % 4 == 0 ? "metadata_driver = \"metadata\"" : "metadata_driver = \"haproxy\"");
                Host.Signal("HUP");
            }
        }

        Array.ForEach(ids, id => Host.WriteNetwork(id, $"metadata = \"forced\"\n{Toml(id, 7)}"));
        foreach (var id in ids)
        {
            await Eventually.TrueAsync(
                async () => await Host.StatusAsync(id, Token) is { IsInSync: true, Phase: NetworkPhase.Ready, Servers: [{ HasMetadata: true }] } status
                    && status.Drivers?.Metadata?.Value == "haproxy",
                HostProcess.Deadline, Token);
            using var station = await AddStationAsync(bridges[id], Mac);
            Configure(station, IPAddress.Parse("10.77.0.107"));
            Assert.Equal("200", await StatusAsync(station));
            Assert.Equal(1, HaProxies(id));
        }
    }

    [Fact]
    public async Task After_a_kill_of_the_host_the_next_one_serves_metadata_again()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        using var station = await AddStationAsync(Host.Bridge, Mac);
        Configure(station, IPAddress.Parse("10.77.0.101"));
        Assert.Equal("200", await StatusAsync(station));
        var servers = Host.Servers();

        await Host.KillAsync(Token);
        Assert.Equal("000", await StatusAsync(station));
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);

        Assert.Equal("200", await StatusAsync(station));
        Assert.Equal(servers, Host.Servers());
    }

    private static int HaProxies(NetworkId id) => ProcessIdentity.FindByMarker($"ns-metadata-proxy/{id}.conf").Count;

    private static void Configure(LabStation station, IPAddress address) => station.Netlink.Execute(batch => batch
        .AddAddress(new(station.Link.Index, address, 24)).Unless(Errno.EEXIST)
        .AddRoute(new(IPNetwork.Parse("169.254.169.254/32"), IPAddress.Parse("10.77.0.2"), station.Link.Index)));

    private Task<CommandResult> CurlAsync(LabStation station, params string[] arguments) =>
        Lab.Spawner.RunToEndAsync(
            station.Namespace, new("/usr/bin/curl", ["-sS", "--noproxy", "*", "--max-time", "30", .. arguments]), HostProcess.Deadline, 1 << 16, Token);

    private async Task<string> StatusAsync(LabStation station) =>
        (await CurlAsync(station, "-o", "/dev/null", "-w", "%{http_code}", "http://169.254.169.254/")).Output;

    private async Task<List<string>> AskAsync(LabStation station, CancellationToken enough)
    {
        var answers = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            answers.Add(await StatusAsync(station));
        }

        return answers;
    }
}
