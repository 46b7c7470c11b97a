using System.Text.Json;

using System.Threading.Channels;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>A transport with names of its own at a broker that others use too, and what it tells.</summary>
internal sealed class MessagingBench : IAsyncDisposable
{
    public const string Host = "labhost";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<RpcEvent> _events = Channel.CreateUnbounded<RpcEvent>();
    private Task _listening = Task.CompletedTask;

    private MessagingBench(MessagingOptions options, string suffix, string url, string host)
    {
        (Suffix, Url, Options) = (suffix, url, options);
        Transport = new RabbitRpcTransport(options, host, TimeProvider.System, new TestLogger(TestContext.Current.TestOutputHelper));
    }

    /// <summary>Of the exchange and all topics.</summary>
    public string Suffix { get; }

    public string Url { get; }

    public MessagingOptions Options { get; }

    public RabbitRpcTransport Transport { get; }

    /// <summary>The queue of casts to this host.</summary>
    public string HostQueue => Transport.Queues.Casts[1].Queue;

    /// <summary>The queue of casts to all hosts.</summary>
    public string FanoutQueue => Transport.Queues.Casts[2].Queue;

    /// <summary>What came, as it comes.</summary>
    public ChannelReader<RpcEvent> Events => _events.Reader;

    public static MessagingBench Create(
        string url, RabbitOptions? rabbit = null, Func<MessagingOptions, MessagingOptions>? change = null, string? suffix = null, string host = Host)
    {
        suffix ??= $"-{Guid.NewGuid():N}";
        var options = MakeOptions(url, suffix, rabbit ?? new());
        return new(change?.Invoke(options) ?? options, suffix, url, host);
    }

    public static MessagingOptions MakeOptions(string url, string suffix, RabbitOptions rabbit) => new()
    {
        TransportUrl = url,
        ControlExchange = $"neutron{suffix}",
        AgentTopic = $"dhcp_agent{suffix}",
        ConnectTimeout = TimeSpan.FromSeconds(60),
        Rabbit = rabbit,
    };

    /// <summary>A peer at the same broker, with the same names.</summary>
    public Task<OsloPeer> StartPeerAsync(params string[] options) => OsloPeer.StartAsync(Url, Suffix, options);

    /// <summary>Listens from now on; returns when the queues are consumed.</summary>
    public async Task ListenAsync()
    {
        _listening = Task.Run(async () =>
        {
            await foreach (var item in Transport.ListenAsync(_stopping.Token))
            {
                _ = _events.Writer.TryWrite(item);
            }
        });
        var first = Assert.IsType<RpcEvent.Connected>(await NextAsync());
        Assert.True(first.IsFirst);
    }

    public async Task<RpcEvent> NextAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        return await Events.ReadAsync(limit.Token);
    }

    public async Task<T> NextAsync<T>()
        where T : RpcEvent
    {
        while (true)
        {
            if (await NextAsync() is T item)
            {
                return item;
            }
        }
    }

    public RpcCall NewCall(string method, object arguments) =>
        new($"q-plugin{Suffix}", "1.0", method, JsonSerializer.SerializeToNode(arguments)!.AsObject());

    public Task<JsonElement> CallAsync(string method, object arguments, CancellationToken cancellationToken = default) =>
        Transport.CallAsync(NewCall(method, arguments), cancellationToken);

    /// <summary>Why calls fail, once that is known: on a loaded machine a first attempt to connect takes longer than a call waits.</summary>
    public async Task<string> FailureAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var failure = await Assert.ThrowsAsync<RpcUnavailableException>(() => CallAsync("echo", new { value = 1 }, cancellationToken));
            if (failure.Message != "no broker has been reached yet")
            {
                return failure.Message;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Transport.DisposeAsync();
        _stopping.Dispose();
    }
}
