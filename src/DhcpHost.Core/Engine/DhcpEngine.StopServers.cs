using System.Collections.Concurrent;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    // A message names some of what is left; the state has all.
    private const int NamedLeftovers = 10;

    // So many drivers in a row may keep a worker of the end waiting before the time is over: one that hangs holds up few others.
    private const int TurnsOfTheEnd = 3;

    /// <summary>
    /// Ends all servers and interfaces, leases kept; networks are served again by the next start. No work is done any more from then on:
    /// call <see cref="StopAsync"/> next. Before recovery is through nothing is proved to be ours, and nothing is ended: the answer says what is left, then as
    /// after failures.
    /// </summary>
    /// <param name="time">How long it may take. A single network has a third of it, and no more than <c>limits.reconcile_time</c>.</param>
    /// <param name="cancellationToken">Ends it before its time.</param>
    public async Task<EngineAnswer> StopServersAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        // No worker may start again what is being ended, and nobody may change the size of a pool whose workers have gone.
        _sizer.Dispose();
        _queue.ShutDown();
        if (!_recovered.Task.IsCompletedSuccessfully)
        {
            return new(false, $"stopped before it was known what runs: nothing was ended{Leftovers(_ => null)}", 0);
        }

        using var overall = new CancellationTokenSource(time, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(overall.Token, cancellationToken);
        await GiveUpWorkAsync(Shorter(_options.StopTime, time / TurnsOfTheEnd), linked.Token);
        var ended = 0;
        var problems = new ConcurrentDictionary<NetworkId, string>();
        var turn = Shorter(Settings.Limits.ReconcileTime, time / TurnsOfTheEnd);
        await Parallel.ForEachAsync(
            _state.Networks,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = CancellationToken.None },
            async (network, _) => Interlocked.Add(ref ended, await EndAsync(network, turn, problems, linked.Token)));
        await _state.FlushAsync(cancellationToken);
        var left = Leftovers(problems.GetValueOrDefault);
        return new(left.Length == 0, $"{ended} servers and interfaces ended{left}", ended);
    }

    /// <summary>Lets work that is under way end in time; what does not is given up, so that it makes nothing anew beside the end.</summary>
    private async Task GiveUpWorkAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await _queue.DrainAsync(cancellationToken).WaitAsync(time, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _pool.WhenAllEndedAsync().WaitAsync(time, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends what runs for a network, within its turn and the time of all.</summary>
    /// <returns>How many servers and interfaces ended.</returns>
    private async Task<int> EndAsync(
        StoredNetwork network, TimeSpan turn, ConcurrentDictionary<NetworkId, string> problems, CancellationToken overall)
    {
        using var deadline = new CancellationTokenSource(turn, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, overall);
        var ended = 0;
        foreach (var stored in network.Handles.OrderByDescending(stored => stored.Kind))
        {
            try
            {
                await _calls.RemoveAsync(stored, RemoveReason.Disabled, linked.Token);
            }
            catch (OperationCanceledException) when (linked.IsCancellationRequested)
            {
                problems[network.Id] = deadline.IsCancellationRequested
                    ? $"the driver {stored.Handle.DriverId} did not answer within {turn.TotalSeconds:0.#} s"
                    : "there was no time left";
                break;
            }
            catch (Exception exception)
            {
                // The boundary to plugins: one network's trouble is not the others'.
                var failure = Failure.Of(exception);
                if (failure.Exception is not null)
                {
                    LogBug(network.Id, "the end of its servers", failure.Exception);
                }

                problems[network.Id] = failure.Message;
                break;
            }

            _state.Update(network.Id, held => held.Without(stored.Key));
            ended++;
        }

        return ended;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>What the state tells of that is not ended, and why, to go on a sentence with; empty where all is.</summary>
    private string Leftovers(Func<NetworkId, string?> reason)
    {
        var networks = _state.Networks.Where(network => !network.Handles.IsEmpty).OrderBy(network => network.Id.Value, StringComparer.Ordinal).ToList();
        if (networks.Count == 0)
        {
            return "";
        }

        var named = networks.Take(NamedLeftovers).Select(network =>
        {
            var drivers = string.Join(", ", network.Handles.OrderBy(stored => stored.Kind).Select(stored => stored.Handle.DriverId.Value).Distinct());
            return $"{network.Id} ({drivers}{(reason(network.Id) is { } why ? $": {why}" : "")})";
        });
        var more = networks.Count > NamedLeftovers ? $"; and {networks.Count - NamedLeftovers} networks more" : "";
        return $", {networks.Sum(network => network.Handles.Count)} are left: {string.Join("; ", named)}{more}";
    }
}
