using System.Collections.Concurrent;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    // A message names some of what is left; the state has all.
    private const int NamedLeftovers = 10;

    /// <summary>
    /// Ends all servers and interfaces, leases kept; networks are served again by the next start. No work is done any more from then on:
    /// call <see cref="StopAsync"/> next. Before recovery is through nothing is proved to be ours, and nothing is ended: the answer says what is left, then as
    /// after failures.
    /// </summary>
    public async Task<EngineAnswer> StopServersAsync(CancellationToken cancellationToken)
    {
        // No worker may start again what is being ended, and nobody may change the size of a pool whose workers have gone.
        _sizer.Dispose();
        _queue.ShutDown();
        if (!_recovered.Task.IsCompletedSuccessfully)
        {
            return new(false, $"stopped before it was known what runs: nothing was ended{Leftovers(_ => null)}", 0);
        }

        await _queue.DrainAsync(cancellationToken);
        var ended = 0;
        var problems = new ConcurrentDictionary<NetworkId, string>();
        await ParallelAsync(
            _state.Networks,
            async (network, token) =>
            {
                foreach (var stored in network.Handles.OrderByDescending(stored => stored.Kind))
                {
                    try
                    {
                        await _calls.RemoveAsync(stored, RemoveReason.Disabled, token);
                    }
                    catch (DhcpHostException exception)
                    {
                        problems[network.Id] = exception.Message;
                        return;
                    }
                    catch (OperationCanceledException) when (token.IsCancellationRequested)
                    {
                        problems[network.Id] = $"the driver {stored.Handle.DriverId} did not answer within limits.reconcile_time";
                        return;
                    }

                    _state.Update(network.Id, held => held.Without(stored.Key));
                    Interlocked.Increment(ref ended);
                }
            },
            cancellationToken);
        await _state.FlushAsync(cancellationToken);
        var left = Leftovers(problems.GetValueOrDefault);
        return new(left.Length == 0, $"{ended} servers and interfaces ended{left}", ended);
    }

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
