using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Reconciling;

internal sealed partial class NetworkReconciler
{
    // What depends on something goes before it.
    private static int RemovalOrder(DriverKind kind) => kind switch { DriverKind.Metadata => 0, DriverKind.Dhcp => 1, _ => 2 };

    /// <summary>
    /// Finds out about handles of an earlier run of the host that were not recovered at the start. No second server is started while one of
    /// them may be somebody else's.
    /// </summary>
    /// <exception cref="DhcpHostException"><see cref="FailureKind.Conflict"/>: something is there that is not provably ours.</exception>
    private async Task ProveAsync(NetworkRuntime runtime, CancellationToken cancellationToken)
    {
        foreach (var stored in state.Find(runtime.Id).Handles.Where(
            stored => runtime.Unproven.Contains(stored.Key)).OrderByDescending(stored => RemovalOrder(stored.Kind)))
        {
            runtime.Step = $"the driver {stored.Handle.DriverId} recovers what an earlier run left";
            var found = await calls.RecoverAsync(stored, cancellationToken);
            if (found.Outcome == RecoverOutcome.Foreign)
            {
                throw new DhcpHostException(
                    FailureKind.Conflict,
                    $"Where the driver {stored.Handle.DriverId} ran something for {stored.Handle.Server} there is something that is not "
                    + $"provably ours ({found.Reason}). It is not touched, "
                    + "and nothing is started beside it: end it by hand, then resync the network.");
            }

            await ProvedAsync(runtime, stored, found, cancellationToken);
        }
    }

    /// <summary>Takes in what a recovery found, where that is not <see cref="RecoverOutcome.Foreign"/>.</summary>
    public async Task ProvedAsync(NetworkRuntime runtime, StoredHandle stored, RecoverResult found, CancellationToken cancellationToken)
    {
        if (found.Outcome == RecoverOutcome.Gone)
        {
            if (stored.Kind == DriverKind.Dhcp && await TryListLeasesAsync(stored, cancellationToken) is { Count: > 0 } leases)
            {
                // What the server itself left is newer than the last snapshot, which would take its place otherwise.
                state.SaveLeases(stored.Handle.Server, leases);
            }

            state.Update(runtime.Id, network => network.Without(stored.Key));
        }

        runtime.SetUnproven(stored.Key, isUnproven: false);
    }

    /// <summary>Removes what runs for a network that is known but not to be served now; leases are kept for later.</summary>
    private async Task<ReconcileResult> StandDownAsync(NetworkRuntime runtime, NetworkPhase phase, string reason, CancellationToken cancellationToken)
    {
        await RemoveAllAsync(runtime, RemoveReason.Disabled, cancellationToken);
        runtime.TakeAwaited();
        return new() { Phase = phase, Message = reason };
    }

    private async Task RemoveAllAsync(NetworkRuntime runtime, RemoveReason reason, CancellationToken cancellationToken)
    {
        var stored = state.Find(runtime.Id);
        foreach (var handle in stored.Handles.OrderBy(handle => RemovalOrder(handle.Kind)))
        {
            await RemoveAsync(runtime, handle, reason, cancellationToken);
        }

        foreach (var attachment in stored.Attachments)
        {
            await ReleaseAsync(runtime, stored.Source, attachment, cancellationToken);
        }

        runtime.Segments.Clear();
        (runtime.Selection, runtime.Options, runtime.Reported) = (null, null, null);
        runtime.ForgetDeaths();
        admission.Leave(runtime.Id);
        if (reason == RemoveReason.NetworkGone)
        {
            foreach (var attachment in stored.Attachments)
            {
                state.SaveLeases(new(runtime.Id, attachment.SegmentId), []);
            }

            foreach (var source in new[] { stored.Source, runtime.Status?.Source }.OfType<PluginId>().Distinct())
            {
                findReporter(source)?.Forget(runtime.Id);
            }
        }

        await state.FlushAsync(cancellationToken);
    }

    /// <summary>Removes what runs on segments that are no more, by drivers that were chosen no more, and proxies that are not needed.</summary>
    private async Task RemoveUnwantedAsync(
        NetworkRuntime runtime,
        IReadOnlyList<NetworkSegment> segments,
        DriverSelection selection,
        Dictionary<ServerKey, MetadataMode> modes,
        CancellationToken cancellationToken)
    {
        var stored = state.Find(runtime.Id);
        var lostInterfaces = stored.Handles.Where(
            handle => handle.Kind == DriverKind.Interface
                && (!modes.ContainsKey(handle.Handle.Server) || handle.Handle.DriverId != selection.Interface))
            .Select(handle => handle.Handle.Server).ToHashSet();
        foreach (var handle in stored.Handles.OrderBy(handle => RemovalOrder(handle.Kind)))
        {
            var server = handle.Handle.Server;
            var isWanted = !lostInterfaces.Contains(server) && modes.TryGetValue(server, out var mode) && handle.Kind switch
            {
                DriverKind.Interface => handle.Handle.DriverId == selection.Interface,
                DriverKind.Dhcp => handle.Handle.DriverId == selection.Dhcp,

                // One of another driver than the one chosen goes when that one's answers: RemoveReplacedProxiesAsync.
                _ => selection.Metadata is not null && mode != MetadataMode.Off,
            };
            if (isWanted)
            {
                if (handle.Kind == DriverKind.Metadata && handle.Handle.DriverId != selection.Metadata && runtime.Segments.TryGetValue(server, out var kept))
                {
                    // The plan is not the chosen driver's yet.
                    kept.MetadataPlan = null;
                }

                continue;
            }

            if (handle.Kind == DriverKind.Dhcp
                && handle.Handle.DriverId != selection.Dhcp
                && modes.ContainsKey(server)
                && decisions.FindFault(DriverKind.Dhcp, selection.Dhcp) is { } fault)
            {
                throw new DhcpHostException(
                    FailureKind.Transient, $"The driver {selection.Dhcp} cannot take {server} over ({fault}), so "
                        + $"{handle.Handle.DriverId} serves it as before.");
            }

            await RemoveAsync(runtime, handle, RemoveReason.Disabled, cancellationToken);
            if (runtime.Segments.TryGetValue(server, out var segment))
            {
                segment.Invalidate();
            }
        }

        foreach (var attachment in stored.Attachments.Where(attachment => segments.All(segment => segment.Key.SegmentId != attachment.SegmentId)))
        {
            await ReleaseAsync(runtime, stored.Source, attachment, cancellationToken);
            runtime.Segments.Remove(new(runtime.Id, attachment.SegmentId));
        }
    }

    /// <summary>
    /// Removes the proxies of drivers that were chosen before. Proxies hold no state, and share their address for that moment: no client is
    /// without one while a network goes from one driver to another.
    /// </summary>
    private async Task RemoveReplacedProxiesAsync(NetworkRuntime runtime, ServerKey server, DriverId chosen, CancellationToken cancellationToken)
    {
        foreach (var handle in state.Find(runtime.Id).Handles.Where(
            handle => handle.Kind == DriverKind.Metadata && handle.Handle.Server == server && handle.Handle.DriverId != chosen))
        {
            await RemoveAsync(runtime, handle, RemoveReason.Disabled, cancellationToken);
        }
    }

    /// <summary>
    /// Removes what runs. The leases of a server that another one may follow are stored: they are in the first plan of that one
    /// (<see cref="DhcpPlan.InheritedLeases"/>). They are read before the end, which a driver may not outlive, and after it, for
    /// those that were given meanwhile.
    /// </summary>
    private async Task RemoveAsync(NetworkRuntime runtime, StoredHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        var keepsLeases = handle.Kind == DriverKind.Dhcp && reason == RemoveReason.Disabled;
        var before = keepsLeases ? await KeepLeasesAsync(runtime, handle, null, cancellationToken) : null;
        runtime.Step = $"the driver {handle.Handle.DriverId} removes what it runs";
        await calls.RemoveAsync(handle, reason, cancellationToken);
        if (keepsLeases)
        {
            _ = await KeepLeasesAsync(runtime, handle, before, cancellationToken);
        }

        state.Update(runtime.Id, network => network.Without(handle.Key));
        runtime.SetUnproven(handle.Key, isUnproven: false);
    }

    /// <summary>Stores the leases of a server, with those of an earlier list whose addresses it does not name any more.</summary>
    private async Task<IReadOnlyList<Lease>?> KeepLeasesAsync(
        NetworkRuntime runtime, StoredHandle handle, IReadOnlyList<Lease>? earlier, CancellationToken cancellationToken)
    {
        runtime.Step = $"the driver {handle.Handle.DriverId} lists the leases that are kept";
        if (await TryListLeasesAsync(handle, cancellationToken) is not { } listed)
        {
            return null;
        }

        var leases = listed.Concat(earlier ?? []).DistinctBy(lease => lease.Address).ToList();
        if (earlier is null || !leases.ToHashSet().SetEquals(earlier))
        {
            state.SaveLeases(handle.Handle.Server, leases);

            // On the disk before their server goes: nobody else could tell them then.
            await state.FlushAsync(cancellationToken);
        }

        return leases;
    }

    private async Task<IReadOnlyList<Lease>?> TryListLeasesAsync(StoredHandle handle, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.CallAsync<IDhcpDriver, IReadOnlyList<Lease>>(
                handle.Handle.DriverId, handle.Handle.Server, (driver, token) => driver.ListLeasesAsync(handle.Handle, token), cancellationToken);
        }
        catch (DhcpHostException exception)
        {
            events.Record(
                EventSeverity.Warning,
                "leases.lost",
                handle.Handle.Server.NetworkId,
                $"The leases of the driver {handle.Handle.DriverId} could not be kept: {exception.Message}");
            return null;
        }
    }

    private async Task ReleaseAsync(NetworkRuntime runtime, PluginId? sourceId, StoredAttachment attachment, CancellationToken cancellationToken)
    {
        runtime.Step = "giving the host's port back";
        if (sourceId is { } id && findSource(id) is { } source)
        {
            try
            {
                await SourceCall.RunAsync(token => source.ReleaseHostPortAsync(runtime.Id, attachment.SegmentId, token), cancellationToken);
            }
            catch (DhcpHostException exception) when (exception.Kind == FailureKind.Gone)
            {
                // Gone with its network: what was wanted.
            }
        }

        state.Update(runtime.Id, network => network.WithoutAttachment(attachment.SegmentId));
    }
}
