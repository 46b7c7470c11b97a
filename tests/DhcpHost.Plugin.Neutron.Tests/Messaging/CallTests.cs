using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Calls to a real oslo.messaging server over a real broker.</summary>
public sealed class CallTests(SharedBroker shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_what_the_method_returned()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        var answer = await bench.CallAsync("echo", new { value = new { text = "a \"b\" \\ ü €", list = new[] { 1, 2 } } }, Token);

        Assert.Equal("a \"b\" \\ ü €", answer.GetProperty("text").GetString());
        Assert.Equal(2, answer.GetProperty("list")[1].GetInt32());
        Assert.Equal(JsonValueKind.Null, (await bench.CallAsync("nothing", new { }, Token)).ValueKind);
    }

    [Fact]
    public async Task The_server_sees_the_context_of_an_administrator()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        _ = await bench.CallAsync("echo", new { value = 1 }, Token);

        var context = (await peer.CalledAsync("echo")).GetProperty("context");
        Assert.True(context.GetProperty("is_admin").GetBoolean());
        Assert.StartsWith("req-", context.GetProperty("request_id").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, context.GetProperty("auth_token").ValueKind);
    }

    [Theory]
    [InlineData("refuse")]
    [InlineData("expected")]
    public async Task What_a_method_raises_is_known_by_its_class(string method)
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        var failure = await Assert.ThrowsAsync<RpcRemoteException>(() => bench.CallAsync(method, new { text = "No more IP addresses" }, Token));

        Assert.Equal("IpAddressGenerationFailure", failure.ErrorType);
        Assert.Equal("IpAddressGenerationFailure: No more IP addresses", failure.Message);
    }

    [Fact]
    public async Task A_method_that_the_server_does_not_have_is_an_error_of_the_server()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        var failure = await Assert.ThrowsAsync<RpcRemoteException>(() => bench.CallAsync("no_such_method", new { }, Token));

        Assert.Equal("NoSuchMethod", failure.ErrorType);
    }

    [Fact]
    public async Task A_slow_call_blocks_no_other()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        var slow = bench.CallAsync("slow", new { seconds = 20 }, Token);
        _ = await peer.CalledAsync("slow");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(value => bench.CallAsync("echo", new { value }, Token)));

        Assert.Equal(Enumerable.Range(0, 20), answers.Select(answer => answer.GetInt32()));
        Assert.False(slow.IsCompleted);
    }

    [Fact]
    public async Task A_call_without_an_answer_times_out()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        var call = bench.NewCall("slow", new { seconds = 600 }) with { Timeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<RpcTimeoutException>(() => bench.Transport.CallAsync(call, Token));

        Assert.Equal("slow: no answer within 1 s", failure.Message);
    }

    [Fact]
    public async Task A_topic_without_a_server_fails_at_once_and_says_so()
    {
        await using var bench = await StartAsync(
            options => options with { ConnectTimeout = TimeSpan.FromSeconds(1), RpcResponseTimeout = TimeSpan.FromMinutes(10) });

        Assert.StartsWith($"echo: no server listens to the topic q-plugin{bench.Suffix}", await bench.FailureAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_comes_late_is_waited_for()
    {
        await using var bench = await StartAsync();

        var call = bench.CallAsync("echo", new { value = 7 }, Token);
        await using var peer = await ServeAsync(bench);

        Assert.Equal(7, (await call).GetInt32());
    }

    [Fact]
    public async Task An_idempotent_call_is_sent_again_where_the_first_sending_is_lost()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        // Old: a consumer that takes a call and never answers, as a server that is going away.
        await using var connection = await new ConnectionFactory
        {
            Uri = new(bench.Url.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var swallowed = new TaskCompletionSource();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, _) =>
        {
            _ = swallowed.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, 1, global: false, Token);
        _ = await channel.BasicConsumeAsync($"q-plugin{bench.Suffix}", autoAck: false, consumer, Token);

        // The broker gives messages in turns: one of two goes to the old consumer, which may hold one.
        var calls = Enumerable.Range(0, 4)
            .Select(value => bench.Transport.CallAsync(bench.NewCall("echo", new { value }) with { IsIdempotent = true }, Token))
            .ToArray();
        await swallowed.Task.WaitAsync(Token);
        Assert.Equal([0, 1, 2, 3], (await Task.WhenAll(calls)).Select(answer => answer.GetInt32()));
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_fails_its_call_only()
    {
        await using var bench = await StartAsync(options => options with { MaxReplySize = Abstractions.Options.ByteSize.FromKibibytes(64) });
        await using var peer = await ServeAsync(bench);

        var failure = await Assert.ThrowsAsync<RpcUnavailableException>(() => bench.CallAsync("large", new { size = 100_000 }, Token));

        Assert.StartsWith("the answer cannot be read: 100", failure.Message, StringComparison.Ordinal);
        Assert.Equal(50_000, (await bench.CallAsync("large", new { size = 50_000 }, Token)).GetString()!.Length);
    }

    [Fact]
    public async Task An_answer_of_many_frames_is_read()
    {
        await using var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);

        Assert.Equal(20_000_000, (await bench.CallAsync("large", new { size = 20_000_000 }, Token)).GetString()!.Length);
    }

    [Fact]
    public async Task Calls_under_way_fail_when_the_host_stops()
    {
        var bench = await StartAsync();
        await using var peer = await ServeAsync(bench);
        var call = bench.CallAsync("slow", new { seconds = 600 }, Token);
        _ = await peer.CalledAsync("slow");

        await bench.DisposeAsync();

        _ = await Assert.ThrowsAsync<RpcUnavailableException>(() => call);
    }

    private async Task<MessagingBench> StartAsync(Func<MessagingOptions, MessagingOptions>? change = null) =>
        MessagingBench.Create((await shared.GetAsync(Token)).TransportUrl, change: change);

    private static async Task<OsloPeer> ServeAsync(MessagingBench bench)
    {
        var peer = await bench.StartPeerAsync();
        await peer.DoAsync("serve");
        return peer;
    }
}
