using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Neutron.Caching;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Server;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron.Reporting;

/// <summary>
/// Tells Neutron which ports have their DHCP service, so that they become <c>ACTIVE</c>: at once, in batches, several calls at a time. Ports that somebody
/// waits for have calls of their own, and so have ports that no host has: the server spends seconds on each of those before it answers.
/// </summary>
internal sealed partial class ReadyReporter : IAsyncDisposable
{
    /// <summary>Ports of a call (neutron, <c>agent/dhcp/agent.py</c>, <c>DHCP_READY_PORTS_SYNC_MAX</c>).</summary>
    public const int MaxBatch = 64;

    // A call holds a thread and a database connection of the server for all its ports: the bulk of a full sync goes in smaller ones.
    private const int BulkBatch = 32;

    // Five seconds each, and a call has to be answered within a minute.
    private const int SlowBatch = 4;
    private const int MaxAttempts = 10;
    private const int MaxWaiting = 1_000_000;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly NeutronServer _server;
    private readonly NetworkCache _cache;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ReadyLane _live = new(maxCalls: 6, MaxBatch);
    private readonly ReadyLane _bulk = new(maxCalls: 2, BulkBatch);
    private readonly ReadyLane _liveSlow = new(maxCalls: 2, SlowBatch);
    private readonly ReadyLane _slow = new(maxCalls: 2, SlowBatch);
    private readonly HashSet<Task> _running = [];

    public ReadyReporter(NeutronServer server, NetworkCache cache, TimeProvider timeProvider, ILogger logger) =>
        (_server, _cache, _timeProvider, _logger) = (server, cache, timeProvider, logger);

    /// <summary>Ports that were not told yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _live.Waiting + _bulk.Waiting + _liveSlow.Waiting + _slow.Waiting;
            }
        }
    }

    /// <summary>Takes ports over. Never waits.</summary>
    public void Report(IEnumerable<PortId> ports, bool isLive)
    {
        lock (_lock)
        {
            foreach (var id in ports)
            {
                Put_NeedsLock(id, isLive, isSlow: false, attempts: 0);
            }

            Pump_NeedsLock();
        }
    }

    /// <summary>Tries again at once: the broker is there again.</summary>
    public void Retry()
    {
        lock (_lock)
        {
            foreach (var lane in Lanes)
            {
                lane.NotBefore = long.MinValue;
            }

            Pump_NeedsLock();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private ReadyLane[] Lanes => [_live, _liveSlow, _bulk, _slow];

    private void Put_NeedsLock(PortId id, bool isLive, bool isSlow, int attempts)
    {
        // A port that is gone needs no report; nor does one of a network that is not this host's any more.
        if (_cache.Find(id) is not { } port || _live.Waiting + _bulk.Waiting + _slow.Waiting + _liveSlow.Waiting >= MaxWaiting)
        {
            return;
        }

        var lane = (isLive, isSlow || port.HostId is null) switch
        {
            (true, false) => _live,
            (true, true) => _liveSlow,
            (false, false) => _bulk,
            (false, true) => _slow,
        };
        if (isLive)
        {
            _bulk.Remove(id);
            _slow.Remove(id);
        }

        lane.Add(id, attempts);
    }

    private void Pump_NeedsLock()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        foreach (var lane in Lanes)
        {
            while (lane.TryTake(_timeProvider.GetTimestamp(), out var ports))
            {
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _running.Add(ended.Task);
                _ = Task.Run(() => SendAsync(lane, ports, ended), CancellationToken.None);
            }
        }
    }

    private async Task SendAsync(ReadyLane lane, List<(PortId Port, int Attempts)> ports, TaskCompletionSource ended)
    {
        var delay = TimeSpan.Zero;
        try
        {
            ports.RemoveAll(item => _cache.Find(item.Port) is null);
            if (ports.Count > 0)
            {
                await _server.ReportReadyAsync(ports.Select(item => item.Port), lane == _live, _stop.Token);
            }

            lock (_lock)
            {
                lane.Succeeded();
            }
        }
        catch (DhcpHostException exception)
        {
            delay = Failed(lane, ports, exception);
            LogFailed(ports.Count, exception.Message, delay);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogStopped(ports.Count);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(ended.Task);
                Pump_NeedsLock();
            }

            ended.SetResult();
        }

        if (delay > TimeSpan.Zero)
        {
            await PumpLaterAsync(delay);
        }
    }

    private TimeSpan Failed(ReadyLane lane, List<(PortId Port, int Attempts)> ports, DhcpHostException exception)
    {
        lock (_lock)
        {
            lane.Failed();
            var delay = TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, FirstDelay.Ticks << Math.Min(lane.Failures - 1, 10)));
            lane.NotBefore = _timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency);
            foreach (var (port, attempts) in ports)
            {
                // Without a broker nothing was tried.
                var tried = exception.InnerException is RpcUnavailableException ? attempts : attempts + 1;
                if (tried >= MaxAttempts && ports.Count == 1)
                {
                    LogGivenUp(port, exception.Message);
                    continue;
                }

                Put_NeedsLock(
                    port,
                    lane == _live || lane == _liveSlow,
                    isSlow: exception.InnerException is RpcTimeoutException || lane == _slow || lane == _liveSlow,
                    tried);
            }

            return delay;
        }
    }

    private async Task PumpLaterAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _timeProvider, _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        lock (_lock)
        {
            Pump_NeedsLock();
        }
    }

    [LoggerMessage(2251, LogLevel.Warning, "{Ports} ready ports were not reported to Neutron: {Reason}; they are again in {Delay}")]
    private partial void LogFailed(int ports, string reason, TimeSpan delay);

    [LoggerMessage(2252, LogLevel.Error, "Port {Port} cannot be reported to Neutron as ready, and stays as it is there: {Reason}")]
    private partial void LogGivenUp(PortId port, string reason);

    [LoggerMessage(2253, LogLevel.Debug, "{Ports} ready ports were not reported: the host stops")]
    private partial void LogStopped(int ports);
}
