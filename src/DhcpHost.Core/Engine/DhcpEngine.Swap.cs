using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Reconciling;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Engine;

/// <content>A driver in the place of another of the same name.</content>
public sealed partial class DhcpEngine
{
    private async Task TakeOverAsync(INetworkDriver driver, CancellationToken cancellationToken)
    {
        var id = driver.Info.Id;
        var kind = driver switch { IInterfaceDriver => DriverKind.Interface, IDhcpDriver => DriverKind.Dhcp, _ => DriverKind.Metadata };
        await Parallel.ForEachAsync(
            _state.Networks,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken },
            async (network, token) =>
            {
                var runtime = _table.GetOrAdd(network.Id);
                foreach (var stored in network.Handles.Where(stored => stored.Kind == kind && stored.Handle.DriverId == id))
                {
                    // Unproven until the new version says otherwise: a takeover that fails half way leaves nothing that could be doubled.
                    runtime.SetUnproven(stored.Key, isUnproven: true);
                    try
                    {
                        var found = await driver.RecoverAsync(stored, token);
                        if (found.Outcome == RecoverOutcome.Recovered)
                        {
                            runtime.SetUnproven(stored.Key, isUnproven: false);
                            continue;
                        }
                    }
                    catch (DhcpHostException exception)
                    {
                        LogTakeoverFailed(id, stored.Handle.Server, exception);
                    }

                    runtime.Force();
                    _queue.Add(network.Id, WorkPriority.Restart);
                }
            });
        Reapply(kind, id);
    }

    /// <summary>
    /// Has the networks of a driver that was replaced reconciled, behind live changes: another version, or other options, may do otherwise what the one before
    /// did, and can what it could not. Where the budget of resyncs is spent, as soon as there is room.
    /// </summary>
    private void Reapply(DriverKind kind, DriverId id)
    {
        _ = _budget.TryTake(out var wait);
        foreach (var runtime in _table.Networks.Where(runtime => Uses(runtime, kind, id)))
        {
            Free(runtime);
            runtime.Force();
            _queue.AddAfter(runtime.Id, wait, WorkPriority.Bulk);
        }
    }

    private bool Uses(NetworkRuntime runtime, DriverKind kind, DriverId id) =>
        (runtime.Selection is { } selection && Chosen(selection, kind) == id)
        || _state.Find(runtime.Id).Handles.Any(stored => stored.Kind == kind && stored.Handle.DriverId == id);

    [LoggerMessage(
        EventId = 5012, Level = LogLevel.Warning, Message = "The new version of the driver {Driver} could not take {Server} over; its network is reconciled.")]
    private partial void LogTakeoverFailed(DriverId driver, ServerKey server, Exception exception);
}
