using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Policies;
using DhcpHost.Core.State;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Reconciling;

/// <summary>
/// Makes one network, whole, what its source wishes: reads the newest snapshot, decides, compares with what runs, and does the least that closes the
/// difference. Start, change, drift, resync and command are the same path. Called by one worker at a time for a network.
/// </summary>
internal sealed partial class NetworkReconciler(
    NetworkStore store,
    StateStore state,
    DriverCalls calls,
    Decisions decisions,
    Admission admission,
    IPolicies policies,
    Func<EngineSettings> settings,
    Func<PluginId, INetworkSource?> findSource,
    Func<PluginId, ReadyReporter?> findReporter,
    Func<StoredNetwork, bool> isAbsenceKnown,
    EventLog events,
    EngineMetrics metrics,
    TimeProvider timeProvider)
{
    /// <summary>
    /// Whether there is nothing to do: what was applied is what is wished for, decided by the policies and settings in force, and nothing
    /// is known to have drifted.
    /// </summary>
    public bool IsCurrent(NetworkRuntime runtime) =>
        runtime.Applied is { } applied && !runtime.IsForced && !runtime.HasAwaited && runtime.Unproven.IsEmpty
        && ReferenceEquals(store.Find(runtime.Id), applied.Snapshot) && !store.NeedsRefresh(runtime.Id, out _, out _)
        && applied.PolicyGeneration == policies.Generation && applied.SettingsGeneration == settings().Generation;

    /// <summary>Reconciles.</summary>
    /// <exception cref="DhcpHostException">It failed; what kind of failure it is decides what follows.</exception>
    /// <exception cref="OperationCanceledException">The deadline, or the end of the host.</exception>
    public async Task<ReconcileResult> ReconcileAsync(NetworkRuntime runtime, CancellationToken cancellationToken)
    {
        runtime.Step = "asking the source";
        var snapshot = await RefreshAsync(runtime.Id, cancellationToken);
        if (snapshot is null && !isAbsenceKnown(state.Find(runtime.Id)))
        {
            // What an earlier run left is not touched before its source was read: that nobody told of it yet does not mean that it is gone.
            return new() { Phase = null, IsUnknown = true };
        }

        var isForced = runtime.TakeForce();
        if (isForced)
        {
            foreach (var segment in runtime.Segments.Values)
            {
                segment.Invalidate();
            }
        }

        // Read before they are used: a change meanwhile makes this run out of date, not the next one.
        var inputs = snapshot is null ? null : new AppliedInputs(snapshot, policies.Generation, settings().Generation);
        runtime.Applied = null;
        await ProveAsync(runtime, cancellationToken);
        if (snapshot is null)
        {
            await RemoveAllAsync(runtime, RemoveReason.NetworkGone, cancellationToken);
            return new() { Phase = null };
        }

        var result = await DecideAsync(runtime, snapshot, cancellationToken);
        runtime.Applied = inputs;
        return result;
    }

    private async Task<NetworkSnapshot?> RefreshAsync(NetworkId id, CancellationToken cancellationToken)
    {
        if (store.NeedsRefresh(id, out var sourceId, out var version) && findSource(sourceId) is { } source)
        {
            var network = await SourceCall.RunAsync(token => source.GetAsync(id, token), cancellationToken);
            store.Refreshed(sourceId, id, network, version);
        }

        return store.Find(id);
    }

    private async Task<ReconcileResult> DecideAsync(NetworkRuntime runtime, NetworkSnapshot snapshot, CancellationToken cancellationToken)
    {
        var network = snapshot.Network;
        var rules = settings();
        if (!network.AdminStateUp)
        {
            return await StandDownAsync(runtime, NetworkPhase.Disabled, "its administrative state is down", cancellationToken);
        }

        var segments = Segmentation.Split(network);
        if (segments.Count == 0)
        {
            return await StandDownAsync(
                runtime, NetworkPhase.Disabled, network.Subnets.IsEmpty ? "it has no subnet" : "DHCP is enabled on none of its subnets", cancellationToken);
        }

        if (TooLarge(network, rules) is { } tooLarge)
        {
            return tooLarge;
        }

        var admit = decisions.Admit(runtime, snapshot, admission.Networks);
        if (!admit.IsAdmitted)
        {
            return await StandDownAsync(runtime, NetworkPhase.Refused, admit.Reason ?? "the policy admit-network refuses it", cancellationToken);
        }

        var selection = await decisions.SelectAsync(runtime, network, rules, isNew: state.Find(runtime.Id).Handles.IsEmpty, cancellationToken);
        var modes = segments.ToDictionary(
            segment => segment.Key, segment => MetadataDecision.Decide(segment.Network, rules.Metadata, rules.HasMetadataNetworks));
        var servers = segments.Select(segment => (segment.Key, DriverKind.Dhcp))
            .Concat(
                from segment in segments
                where modes[segment.Key] != MetadataMode.Off
                    && selection.Metadata is not null
                select (segment.Key, DriverKind.Metadata)).ToList();
        if (admission.TryEnter(runtime.Id, servers, rules.Limits.Networks, rules.Limits.Servers) is { } limit)
        {
            var size = limit == "networks" ? rules.Limits.Networks : rules.Limits.Servers;
            var refused = await StandDownAsync(
                runtime, NetworkPhase.Refused, $"limits.{limit} is {size}, and reached; it is served when there is room", cancellationToken);
            return refused with { Limit = limit };
        }

        var options = decisions.Options(runtime, network, rules);
        await RemoveUnwantedAsync(runtime, segments, selection, modes, cancellationToken);
        var served = new List<ServedSegment>(segments.Count);
        var fingerprint = new Lazy<string>(() => Fingerprint.Of(network), LazyThreadSafetyMode.None);
        foreach (var segment in segments)
        {
            served.Add(await ServeAsync(new(runtime, snapshot, segment, selection, options, modes[segment.Key], rules, fingerprint), cancellationToken));
        }

        // A handle is on the disk before its server is called running. Where the disk does not take it the host runs on: StateStore.Problem says so.
        runtime.Step = "storing the handles";
        if (fingerprint.IsValueCreated)
        {
            await state.FlushAsync(cancellationToken);
        }

        ReportReady(runtime, snapshot);
        var refusals = served.SelectMany(segment => segment.Refusals).ToEquatableArray();
        return new()
        {
            Phase = refusals.IsEmpty ? NetworkPhase.Ready : NetworkPhase.Degraded,
            Message = refusals.IsEmpty ? null : $"{refusals.Count} parts are not served: {refusals[0].Subject}: {refusals[0].Reason}",
            Drivers = selection,
            Servers = served.Select(segment => segment.Status).ToEquatableArray(),
            Refusals = refusals,
        };
    }

    private static ReconcileResult? TooLarge(Network network, EngineSettings rules)
    {
        // What ran before runs on as it was: a network that grew too large is not taken from the clients that it has.
        var (limit, size, count) = network.Subnets.Count > rules.Limits.SubnetsPerNetwork
            ? ("subnets_per_network", rules.Limits.SubnetsPerNetwork, network.Subnets.Count)
            : ("ports_per_network", rules.Limits.PortsPerNetwork, network.Ports.Count);
        return count <= size ? null : new()
        {
            Phase = NetworkPhase.Refused,
            Limit = limit,
            Message = $"limits.{limit} is {size}, it has {count}; this change is not served, what was served before is served on",
        };
    }

    private void ReportReady(NetworkRuntime runtime, NetworkSnapshot snapshot)
    {
        var awaited = runtime.TakeAwaited();
        var reporter = findReporter(snapshot.Source);
        var ready = ReadyPorts.Since(runtime.Reported?.Network, snapshot.Network);
        runtime.Reported = snapshot;
        if (reporter is null)
        {
            return;
        }

        if (!awaited.IsEmpty)
        {
            var live = snapshot.Network.Ports.Select(port => port.Id).Where(awaited.Contains).ToList();
            reporter.Report(runtime.Id, live, isLive: true);
            if (live.Count < awaited.Count && (!ReferenceEquals(store.Find(runtime.Id), snapshot) || store.NeedsRefresh(runtime.Id, out _, out _)))
            {
                // News came meanwhile: the others are in what is served next.
                runtime.Await(awaited.Except(live).ToEquatableArray());
            }

            ready = [.. ready.Where(port => !awaited.Contains(port))];
        }

        reporter.Report(runtime.Id, ready, isLive: false);
    }
}
