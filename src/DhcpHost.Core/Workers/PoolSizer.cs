using System.Text.Json;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Policies;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Workers;

/// <summary>
/// Keeps the pool at the size that the policy <c>pool-size</c> answers and the limits allow. It asks when there is news of the load, at most ten times a
/// second, grows at once, and shrinks at most every five seconds.
/// </summary>
internal sealed class PoolSizer(
    IPolicies policies,
    Func<LimitsOptions> limits,
    Func<PoolSizeContext> load,
    Action<int> resize,
    EventLog events,
    EngineMetrics metrics,
    TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShrinkInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _askedAt;
    private long _changedAt;
    private int _size;
    private bool _isAsked;
    private bool _isDisposed;

    /// <summary>Begins with the least size.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _timer = timeProvider.CreateTimer(_ => Ask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _changedAt = timeProvider.GetTimestamp();
            _askedAt = _changedAt - (long)(AskInterval.TotalSeconds * timeProvider.TimestampFrequency);
            _size = limits().WorkersMin;
            resize(_size);
        }
    }

    /// <summary>The load changed: the policy is asked soon.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            if (_isAsked || _isDisposed || _timer is null)
            {
                return;
            }

            _isAsked = true;
            var wait = AskInterval - timeProvider.GetElapsedTime(_askedAt);
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Asks the policy now, and sets the size, also where it shrinks.</summary>
    public string AskNow() => Ask(mayWait: false);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void Ask() => Ask(mayWait: true);

    private string Ask(bool mayWait)
    {
        // The policy is user code: it is called outside the lock.
        var context = load();
        var answer = policies.PoolSize(context);
        if (answer.Problem is not null)
        {
            metrics.PolicyProblems.Add(1, new KeyValuePair<string, object?>("policy", "pool-size"));
        }

        int before, size;
        string? limit;
        lock (_lock)
        {
            _isAsked = false;
            _askedAt = timeProvider.GetTimestamp();
            var rules = limits();
            (size, limit) = answer.Value < rules.WorkersMin
                ? (rules.WorkersMin, "workers_min")
                : answer.Value > rules.WorkersMax
                ? (rules.WorkersMax, "workers_max")
                : (answer.Value, null);
            before = _size;
            if (_isDisposed || size == before)
            {
                return $"{size} workers, as before";
            }

            var rest = ShrinkInterval - timeProvider.GetElapsedTime(_changedAt);
            if (mayWait && size < before && rest > TimeSpan.Zero)
            {
                _isAsked = true;
                _timer?.Change(rest, Timeout.InfiniteTimeSpan);
                return $"{before} workers for now, {size} soon";
            }

            (_size, _changedAt) = (size, _askedAt);
            resize(size);
        }

        metrics.PoolChanges.Add(1);
        if (limit == "workers_max")
        {
            metrics.LimitReached(limit);
        }

        var clamp = limit is null ? "" : $", clamped by limits.{limit}";
        var message = $"{before} → {size} workers: pool-size ({answer.Origin}) answers {answer.Value}{clamp}";
        events.Record(
            EventSeverity.Info,
            "pool.resized",
            null,
            message,
            JsonSerializer.Serialize(new(answer.Value, answer.Origin, before, size, limit, context), StateJson.Model.PoolResize));
        return message;
    }
}
