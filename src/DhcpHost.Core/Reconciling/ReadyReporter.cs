using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Reconciling;

/// <summary>
/// Tells a source which ports are served. Ports that somebody waits for go at once, several reports at a time; all others go one report after the other, so
/// that a slow source has its few calls free for those who wait. What could not be told is told again later, with what came meanwhile.
/// </summary>
internal sealed partial class ReadyReporter : IAsyncDisposable
{
    private const int LiveReports = 8;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly INetworkSource _source;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lane _live = new(isLive: true);
    private readonly Lane _bulk = new(isLive: false);

    public ReadyReporter(INetworkSource source, TimeProvider timeProvider, ILogger log) =>
        (_source, _timeProvider, _log) = (source, timeProvider, log);

    /// <summary>Takes a report over. Never waits.</summary>
    public void Report(NetworkId networkId, IReadOnlyCollection<PortId> ports, bool isLive)
    {
        if (ports.Count > 0)
        {
            Put(isLive ? _live : _bulk, networkId, ports);
        }
    }

    /// <summary>Drops what was not told of a network that is gone.</summary>
    public void Forget(NetworkId networkId)
    {
        lock (_lock)
        {
            _live.Pending.Remove(networkId);
            _bulk.Pending.Remove(networkId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _live.Running, .. _bulk.Running];
        }

        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(1), _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Put(Lane lane, NetworkId networkId, IReadOnlyCollection<PortId> ports)
    {
        lock (_lock)
        {
            if (!lane.Pending.TryGetValue(networkId, out var pending))
            {
                lane.Pending.Add(networkId, pending = []);
            }

            pending.UnionWith(ports);
            if (lane.Running.Count < (lane.IsLive ? LiveReports : 1) && !_stop.IsCancellationRequested)
            {
                var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                lane.Running.Add(running.Task);
                _ = Task.Run(() => RunAsync(lane, running), CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(Lane lane, TaskCompletionSource running)
    {
        var delay = TimeSpan.FromSeconds(1);
        try
        {
            while (Take(lane, running) is var (networkId, ports))
            {
                try
                {
                    await _source.ReportReadyAsync(new(networkId, ports.ToEquatableArray(), lane.IsLive), _stop.Token);
                    delay = TimeSpan.FromSeconds(1);
                }
                catch (DhcpHostException exception) when (exception.Kind is FailureKind.Gone or FailureKind.Invalid)
                {
                    LogRefused(_source.Id, networkId, ports.Count, exception.Message);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
                {
                    LogFailed(_source.Id, networkId, ports.Count, delay, exception);
                    await Task.Delay(delay, _timeProvider, _stop.Token);
                    delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
                    Put(lane, networkId, ports);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            lock (_lock)
            {
                lane.Running.Remove(running.Task);
            }
        }
        finally
        {
            running.SetResult();
        }
    }

    private (NetworkId NetworkId, HashSet<PortId> Ports)? Take(Lane lane, TaskCompletionSource running)
    {
        lock (_lock)
        {
            foreach (var (networkId, ports) in lane.Pending)
            {
                lane.Pending.Remove(networkId);
                return (networkId, ports);
            }

            lane.Running.Remove(running.Task);
            return null;
        }
    }

    private sealed class Lane(bool isLive)
    {
        public bool IsLive { get; } = isLive;

        public Dictionary<NetworkId, HashSet<PortId>> Pending { get; } = [];

        public HashSet<Task> Running { get; } = [];
    }

    [LoggerMessage(
        EventId = 5030,
        Level = LogLevel.Warning,
        Message = "Source {Source} did not take the report of {Ports} ready ports of network {Network}; it is told again in {Delay}.")]
    private partial void LogFailed(PluginId source, NetworkId network, int ports, TimeSpan delay, Exception exception);

    [LoggerMessage(
        EventId = 5031, Level = LogLevel.Warning, Message = "Source {Source} refused the report of {Ports} ready ports of network {Network}: {Reason}")]
    private partial void LogRefused(PluginId source, NetworkId network, int ports, string reason);
}
