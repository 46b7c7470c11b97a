using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Brokers that die, and come back or do not.</summary>
public sealed class FailoverTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_a_killed_broker_is_back_calls_are_sent_again_and_casts_come()
    {
        await using var broker = await RabbitBroker.StartAsync(_lab, Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl);
        await bench.ListenAsync();
        await using var peer = await bench.StartPeerAsync();
        await peer.DoAsync("serve");
        var once = bench.CallAsync("slow", new { seconds = 600 }, Token);
        _ = await peer.CalledAsync("slow");
        var again = bench.Transport.CallAsync(
            bench.NewCall("slow", new { seconds = 600 }) with { IsIdempotent = true, Timeout = TimeSpan.FromMinutes(10) }, Token);
        _ = await peer.CalledAsync("slow");

        await broker.KillAsync(Token);

        // Nobody knows whether the server has done what is not idempotent.
        Assert.Contains(
            "it is not known whether it was done", (await Assert.ThrowsAsync<RpcUnavailableException>(() => once)).Message, StringComparison.Ordinal);
        _ = Assert.IsType<RpcEvent.Disconnected>(await bench.NextAsync());
        await peer.DisposeAsync();
        await broker.StartAsync(Token);
        var connected = await bench.NextAsync<RpcEvent.Connected>();
        Assert.False(connected.IsFirst);
        await using var next = await bench.StartPeerAsync();
        await next.DoAsync("serve");
        _ = await next.CalledAsync("slow");
        Assert.False(again.IsCompleted);
        await next.DoAsync("burst", new { host = MessagingBench.Host, count = 1, size = 1 });
        Assert.Equal("port_update_end", (await bench.NextAsync<RpcEvent.Cast>()).Method);
        Assert.Equal(5, (await bench.CallAsync("echo", new { value = 5 }, Token)).GetInt32());
    }

    [Fact]
    public async Task Another_broker_of_the_url_takes_over()
    {
        await using var one = await RabbitBroker.StartAsync(_lab, Token);
        await using var other = await RabbitBroker.StartAsync(_lab, Token);
        var url = $"rabbit://guest:guest@127.0.0.1:{one.Port},guest:guest@127.0.0.1:{other.Port}/";
        await using var bench = MessagingBench.Create(url);
        await using var events = bench.Transport.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        var first = Assert.IsType<RpcEvent.Connected>(events.Current).Broker;
        var (lost, left) = first == $"127.0.0.1:{one.Port}" ? (one, other) : (other, one);

        await lost.StopAsync(Token);

        Assert.True(await events.MoveNextAsync());
        Assert.Contains("CONNECTION_FORCED", Assert.IsType<RpcEvent.Disconnected>(events.Current).Reason, StringComparison.Ordinal);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(new RpcEvent.Connected($"127.0.0.1:{left.Port}", IsFirst: false), events.Current);
        await using var peer = await OsloPeer.StartAsync(left.TransportUrl, bench.Suffix);
        await peer.DoAsync("serve");
        Assert.Equal(5, (await bench.CallAsync("echo", new { value = 5 }, Token)).GetInt32());
    }

    [Fact]
    public async Task A_broker_that_hangs_is_noticed_by_its_missing_heartbeats_and_left()
    {
        await using var one = await RabbitBroker.StartAsync(_lab, Token);
        await using var other = await RabbitBroker.StartAsync(_lab, Token);
        await using var bench = MessagingBench.Create(
            $"rabbit://guest:guest@127.0.0.1:{one.Port},guest:guest@127.0.0.1:{other.Port}/", new() { HeartbeatTimeoutThreshold = 2 });
        await using var events = bench.Transport.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        var first = Assert.IsType<RpcEvent.Connected>(events.Current).Broker;
        var (hung, left) = first == $"127.0.0.1:{one.Port}" ? (one, other) : (other, one);

        hung.Suspend();

        Assert.True(await events.MoveNextAsync());
        _ = Assert.IsType<RpcEvent.Disconnected>(events.Current);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(new RpcEvent.Connected($"127.0.0.1:{left.Port}", IsFirst: false), events.Current);
        hung.Resume();
    }

    [Fact]
    public async Task The_file_of_the_url_is_read_at_each_connect()
    {
        await using var broker = await RabbitBroker.StartAsync(_lab, Token);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, broker.TransportUrl.Replace("guest:guest", "guest:old", StringComparison.Ordinal), Token);
            await using var bench = MessagingBench.Create(
                "", change: options => options with { TransportUrlFile = file, ConnectTimeout = TimeSpan.FromSeconds(1) });
            Assert.Equal(
                $"no broker can be reached: 127.0.0.1:{broker.Port}: it refused the user, the password or the certificate", await bench.FailureAsync(Token));

            await File.WriteAllTextAsync(file, $"{broker.TransportUrl}\n", Token);

            await bench.ListenAsync();
            File.Delete(file);
            await using var other = MessagingBench.Create(
                "", change: options => options with { TransportUrlFile = file, ConnectTimeout = TimeSpan.FromSeconds(1) });
            Assert.StartsWith("transport_url_file cannot be read: ", await other.FailureAsync(Token), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Without_a_broker_a_call_fails_when_the_time_to_connect_is_over()
    {
        var port = LoopbackPorts.Take(1)[0];
        await using var bench = MessagingBench.Create(
            $"rabbit://user:secret@127.0.0.1:{port}/", change: options => options with { ConnectTimeout = TimeSpan.FromSeconds(2) });

        Assert.Equal($"no broker can be reached: 127.0.0.1:{port}: Connection refused", await bench.FailureAsync(Token));
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var broker = await RabbitBroker.StartAsync(_lab, Token);
        await using var bench = MessagingBench.Create(
            broker.TransportUrl.Replace("guest:guest", "guest:secret", StringComparison.Ordinal), change: options =>
                options with { ConnectTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(
            $"no broker can be reached: 127.0.0.1:{broker.Port}: it refused the user, the password or the certificate", await bench.FailureAsync(Token));
    }

    [Fact]
    public async Task A_broker_that_is_low_on_memory_fails_calls_until_it_has_recovered()
    {
        await using var broker = await RabbitBroker.StartAsync(_lab, Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl, change: options => options with { ConnectTimeout = TimeSpan.FromSeconds(1) });
        await using var peer = await bench.StartPeerAsync();
        await peer.DoAsync("serve");
        await Testing.Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => bench.CallAsync("echo", new { value = 1 }, Token)) is null, TimeSpan.FromMinutes(1), Token);

        await broker.ControlAsync(["set_vm_memory_high_watermark", "0.000001"], Token);

        // The broker tells a connection that it is blocked when something is published on it, and then reads no more.
        await Testing.Eventually.TrueAsync(
            async () =>
            {
                var call = bench.NewCall("echo", new { value = 2 }) with { Timeout = TimeSpan.FromSeconds(2) };
                var failure = await Record.ExceptionAsync(() => bench.Transport.CallAsync(call, Token));
                return failure is RpcUnavailableException && failure.Message.StartsWith("the broker takes no messages: ", StringComparison.Ordinal);
            },
            TimeSpan.FromMinutes(1), Token);

        await broker.ControlAsync(["set_vm_memory_high_watermark", "0.9"], Token);
        await Testing.Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(() => bench.CallAsync("echo", new { value = 3 }, Token)) is null,
            TimeSpan.FromMinutes(1), Token);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}
