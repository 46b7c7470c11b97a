using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Sockets;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>Clients that ask for too much, and upstreams that give too little: others are served meanwhile.</summary>
public sealed class LimitTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse(LabMetadataSubject.Address), 80);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_idle_connections_on_one_network_keep_nobody_from_being_served()
    {
        await using var subject = await MetadataSubject.CreateAsync(options => options.MaxConnectionsPerClient = 0);
        var (busy, other) = (await ApplyAsync(subject, "n1"), await ApplyAsync(subject, "n2"));
        var (idler, neighbour, stranger) =
            (await subject.NewInstanceAsync(busy, 7, Stop), await subject.NewInstanceAsync(busy, 8, Stop), await subject.NewInstanceAsync(other, 7, Stop));
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                idle.Add(await ConnectAsync(subject, idler));
            }

            Assert.Equal("200", await subject.StatusAsync(stranger, Stop));
            Assert.Equal("200", await subject.StatusAsync(neighbour, Stop));
            await Eventually.TrueAsync(async () => (await InspectAsync(subject, busy)).Details["connections"] == "1000", cancellationToken: Stop);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        await Eventually.TrueAsync(async () => (await InspectAsync(subject, busy)).Details["connections"] == "0", cancellationToken: Stop);
    }

    [Fact]
    public async Task A_full_network_takes_no_room_of_others_and_goes_on_when_there_is_room()
    {
        await using var subject = await MetadataSubject.CreateAsync(options => (options.MaxConnections, options.MaxConnectionsPerNetwork) = (6, 3));
        var (full, other) = (await ApplyAsync(subject, "n1"), await ApplyAsync(subject, "n2"));
        var (idler, stranger) = (await subject.NewInstanceAsync(full, 7, Stop), await subject.NewInstanceAsync(other, 7, Stop));
        var idle = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            idle.Add(await ConnectAsync(subject, idler));
        }

        Assert.Equal("200", await subject.StatusAsync(stranger, Stop));
        var waiting = subject.StatusAsync(idler, Stop);
        Assert.Equal("200", await subject.StatusAsync(stranger, Stop));
        Assert.False(waiting.IsCompleted);
        idle.ForEach(socket => socket.Dispose());

        Assert.Equal("200", await waiting);
    }

    [Fact]
    public async Task A_client_with_too_many_connections_has_those_beyond_closed_and_its_neighbours_are_served()
    {
        await using var subject = await MetadataSubject.CreateAsync(options => options.MaxConnectionsPerClient = 2);
        var plan = await ApplyAsync(subject, "n1");
        var (greedy, neighbour) = (await subject.NewInstanceAsync(plan, 7, Stop), await subject.NewInstanceAsync(plan, 8, Stop));
        using var one = await ConnectAsync(subject, greedy);
        using var two = await ConnectAsync(subject, greedy);

        using var three = await ConnectAsync(subject, greedy);

        Assert.Equal(0, await ReceiveAsync(three));
        Assert.Equal("200", await subject.StatusAsync(neighbour, Stop));
        Assert.Equal("1", (await InspectAsync(subject, plan)).Details["connections refused"]);
    }

    [Fact]
    public async Task A_client_that_does_not_finish_its_request_loses_its_connection()
    {
        await using var subject = await MetadataSubject.CreateAsync(
            options => (options.TimeoutHttpRequest, options.TimeoutHttpKeepAlive) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
        var instance = await subject.NewInstanceAsync(await ApplyAsync(subject, "n1"), 7, Stop);
        using var silent = await ConnectAsync(subject, instance);
        using var slow = await ConnectAsync(subject, instance);
        _ = await slow.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), Stop);

        Assert.Equal(0, await ReceiveAsync(silent));
        Assert.StartsWith("HTTP/1.1 408", await ReceiveTextAsync(slow), StringComparison.Ordinal);
        Assert.DoesNotContain(subject.Agent.Requests, request => request["X-Slow"].Count > 0);
    }

    [Fact]
    public async Task A_body_or_a_head_that_is_too_large_is_refused()
    {
        await using var subject = await MetadataSubject.CreateAsync();
        var instance = await subject.NewInstanceAsync(await ApplyAsync(subject, "n1"), 7, Stop);
        var file = Path.Combine(subject.Home, "body");
        await File.WriteAllBytesAsync(file, new byte[100 * 1024], Stop);

        Assert.Equal("413", await subject.StatusAsync(instance, Stop, "--data-binary", $"@{file}"));
        Assert.Equal("413", await subject.StatusAsync(instance, Stop, "-H", "Transfer-Encoding: chunked", "-H", "Expect:", "--data-binary", $"@{file}"));
        Assert.Equal("431", await subject.StatusAsync(instance, Stop, "-H", $"X-Long: {new string('x', 9000)}"));
        Assert.Equal("200", await subject.StatusAsync(instance, Stop, "-d", "small"));
    }

    [Fact]
    public async Task An_upstream_that_is_slow_for_one_network_holds_up_no_other_and_times_out()
    {
        await using var subject = await MetadataSubject.CreateAsync(options => options.TimeoutServer = TimeSpan.FromSeconds(3));
        var (slow, quick) = (await ApplyAsync(subject, "slow"), await ApplyAsync(subject, "quick"));
        var (sufferer, lucky) = (await subject.NewInstanceAsync(slow, 7, Stop), await subject.NewInstanceAsync(quick, 7, Stop));
        subject.Agent.Delay = request => request["X-Neutron-Network-ID"] is ["slow"]
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Stop)
            : Task.CompletedTask;

        var waiting = Enumerable.Range(0, 50).Select(_ => subject.StatusAsync(sufferer, Stop)).ToList();
        await Eventually.TrueAsync(() => subject.Agent.Requests.Any(request => request["X-Neutron-Network-ID"] is ["slow"]), cancellationToken: Stop);
        Assert.Equal("200", await subject.StatusAsync(lucky, Stop));

        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal("504", status));
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_so_over_both_IP_versions_and_its_neighbour_is_not()
    {
        await using var subject = await MetadataSubject.CreateAsync(options =>
        {
            (options.RateLimitEnabled, options.BaseQueryRateLimit, options.BurstQueryRateLimit) = (true, 5, 3);
            options.BaseWindowDuration = options.BurstWindowDuration = TimeSpan.FromHours(1);
        });
        var plan = await ApplyAsync(subject, "n1");
        var (eager, neighbour) = (await subject.NewInstanceAsync(plan, 7, Stop), await subject.NewInstanceAsync(plan, 8, Stop));
        await eager.WaitForLinkLocalAsync(Stop);

        foreach (var url in new[] { "http://169.254.169.254/", "http://[fe80::a9fe:a9fe%25eth0]/" })
        {
            foreach (var status in new[] { "200", "200", "200", "429" })
            {
                Assert.Equal(status, (await subject.CurlAsync(eager, Stop, "-o", "/dev/null", "-w", "%{http_code}", url)).Output);
            }
        }

        Assert.Equal("200", await subject.StatusAsync(neighbour, Stop));
        Assert.Equal("2", (await InspectAsync(subject, plan)).Details["requests beyond a rate"]);
    }

    [Fact]
    public async Task A_removed_proxy_finishes_what_it_does_and_closes_what_is_idle()
    {
        await using var subject = await MetadataSubject.CreateAsync(options => options.StopTimeout = TimeSpan.FromMinutes(1));
        var plan = await ApplyAsync(subject, "n1");
        var instance = await subject.NewInstanceAsync(plan, 7, Stop);
        using var idle = await ConnectAsync(subject, instance);
        var release = new TaskCompletionSource();
        subject.Agent.Delay = _ => release.Task;
        var busy = subject.StatusAsync(instance, Stop);
        await Eventually.TrueAsync(() => !subject.Agent.Requests.IsEmpty, cancellationToken: Stop);

        var removed = subject.Driver.RemoveAsync((await subject.Driver.DiscoverAsync(Stop))[0], RemoveReason.Disabled, Stop);
        Assert.Equal(0, await ReceiveAsync(idle));
        Assert.Equal("000", await subject.StatusAsync(instance, Stop));
        Assert.False(removed.IsCompleted);
        release.SetResult();

        Assert.Equal("200", await busy);
        await removed;
    }

    [Fact]
    public async Task A_stranger_on_the_port_is_a_conflict_and_is_not_touched()
    {
        await using var subject = await MetadataSubject.CreateAsync();
        var plan = await subject.NewPlanAsync("n1", Stop);
        using var ns = subject.Lab.Namespaces.Open(plan.Interface.Namespace);
        using var stranger = await new NamespaceSockets(subject.Lab.Broker).OpenAsync(ns, new(SocketType.Stream, Target) { Backlog = 1 }, Stop);

        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => subject.Driver.ApplyAsync(plan, null, Stop));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Empty(await subject.Driver.DiscoverAsync(Stop));
    }

    [Fact]
    public async Task An_interface_that_was_made_anew_gets_a_new_listener()
    {
        await using var subject = await MetadataSubject.CreateAsync();
        var plan = await ApplyAsync(subject, "n1");
        var elsewhere = await subject.NewPlanAsync("n1", Stop);

        var result = await subject.Driver.ApplyAsync(elsewhere, null, Stop);

        Assert.Equal((ApplyAction.Restarted, "its namespace is another one"), (result.Action, Assert.Single(result.Reasons)));
        Assert.Equal("000", await subject.StatusAsync(await subject.NewInstanceAsync(plan, 7, Stop), Stop));
        Assert.Equal("200", await subject.StatusAsync(await subject.NewInstanceAsync(elsewhere, 7, Stop), Stop));
    }

    private static async Task<MetadataPlan> ApplyAsync(MetadataSubject subject, string network)
    {
        var plan = await subject.NewPlanAsync(network, Stop, LabMetadataSubject.Instance(7), LabMetadataSubject.Instance(8));
        _ = await subject.Driver.ApplyAsync(plan, null, Stop);
        return plan;
    }

    private static async Task<InspectResult> InspectAsync(MetadataSubject subject, MetadataPlan plan) =>
        await subject.Driver.InspectAsync((await subject.Driver.DiscoverAsync(Stop)).Single(handle => handle.Server == plan.Server), Stop);

    private static async Task<Socket> ConnectAsync(MetadataSubject subject, LabStation station)
    {
        var socket = await new NamespaceSockets(subject.Lab.Broker).OpenAsync(station.Namespace, new(SocketType.Stream, new(IPAddress.Any, 0)), Stop);
        await socket.ConnectAsync(Target, Stop);
        return socket;
    }

    private static async Task<int> ReceiveAsync(Socket socket) => (await ReceiveTextAsync(socket)).Length;

    private static async Task<string> ReceiveTextAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Stop));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "";
        }
    }
}
