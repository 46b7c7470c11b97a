using System.Threading.Channels;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Fakes;

/// <summary>A source at work over a fake transport, and what it told.</summary>
internal sealed class RunningSource : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<SourceEvent> _events = Channel.CreateUnbounded<SourceEvent>();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private RunningSource(FakeTransport transport, NeutronOptions options, TimeProvider timeProvider)
    {
        Transport = transport;
        Source = new(new FakeContext(timeProvider), options, transport);
        _reading = Task.Run(ReadAsync);
    }

    public FakeTransport Transport { get; }

    public NeutronNetworkSource Source { get; }

    /// <summary>Starts a source that is connected and has listed.</summary>
    public static async Task<RunningSource> StartAsync(FakeTransport transport, NeutronOptions? options = null, TimeProvider? timeProvider = null)
    {
        var running = await OpenAsync(transport, options, timeProvider);
        transport.Connect();
        _ = await running.Source.ListAsync(CancellationToken.None);
        return running;
    }

    /// <summary>Starts a source that is not connected.</summary>
    public static async Task<RunningSource> OpenAsync(FakeTransport transport, NeutronOptions? options = null, TimeProvider? timeProvider = null)
    {
        var running = new RunningSource(transport, options ?? new NeutronOptions { ResyncJitter = TimeSpan.Zero }, timeProvider ?? TimeProvider.System);
        await running._opened.Task;
        return running;
    }

    /// <summary>The next event of a kind, whatever comes before it.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? isIt = null)
        where T : SourceEvent
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            if (await _events.Reader.ReadAsync(deadline.Token) is T wanted && (isIt is null || isIt(wanted)))
            {
                return wanted;
            }
        }
    }

    /// <summary>All events about networks until now: those before that of an agent's update, which marks the end.</summary>
    public async Task<List<SourceEvent>> DrainAsync()
    {
        Transport.Cast("agent_updated", new System.Text.Json.Nodes.JsonObject { ["admin_state_up"] = true });
        var events = new List<SourceEvent>();
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            switch (await _events.Reader.ReadAsync(deadline.Token))
            {
                case SourceEvent.ResyncNeeded { Reason: var reason } when reason.Contains("operator", StringComparison.Ordinal):
                    return events;
                case SourceEvent.HealthChanged:
                    break;
                case var other:
                    events.Add(other);
                    break;
            }
        }
    }

    public Task CalledAsync(string method, int times) =>
        Eventually.TrueAsync(() => Transport.Count(method) >= times, Deadline, what: $"{times} calls of {method}");

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        await foreach (var item in Source.WatchAsync(_stop.Token))
        {
            _opened.TrySetResult();
            _ = _events.Writer.TryWrite(item);
        }
    }
}
