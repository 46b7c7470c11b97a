using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Reconciling;

internal sealed partial class NetworkReconciler
{
    private async Task<ServedSegment> ServeAsync(ServeContext context, CancellationToken cancellationToken)
    {
        var (runtime, key) = (context.Runtime, context.Segment.Key);
        if (!runtime.Segments.TryGetValue(key, out var segment))
        {
            runtime.Segments.Add(key, segment = new());
        }

        // Without a driver for it there is no proxy, and clients must not be told the way to one.
        var hasMetadata = context.Metadata != MetadataMode.Off && context.Selection.Metadata is not null;
        var hostPort = await EnsureHostPortAsync(context, segment, cancellationToken);
        var binding = await ApplyInterfaceAsync(context, segment, PlanBuilder.Interface(context.Segment, hostPort, hasMetadata), cancellationToken);
        var limits = context.Settings.Child;
        var mode = hasMetadata ? context.Metadata : MetadataMode.Off;
        await ApplyDhcpAsync(context, segment, PlanBuilder.Dhcp(context.Segment, hostPort, binding, context.Options, mode, limits), cancellationToken);
        if (hasMetadata)
        {
            var plan = PlanBuilder.Metadata(context.Segment, hostPort, binding, context.Settings.HasMetadataNetworks, limits);
            var instances = decisions.Instances(segment, context.Selection.Metadata!.Value, context.Segment.Network, hostPort.Id);
            await ApplyMetadataAsync(context, segment, plan with { Instances = instances }, cancellationToken);
            await RemoveReplacedProxiesAsync(runtime, key, context.Selection.Metadata!.Value, cancellationToken);
        }
        else
        {
            segment.MetadataRefusals = context.Metadata == MetadataMode.Off ? [] :
            [
                new(
                    $"metadata proxy of {key}",
                    "it needs one, but the site names no metadata driver: put one in plugins/ and name it in defaults.metadata_driver, "
                    + "or set metadata = \"off\""),
            ];
        }

        return new(
            new() { SegmentId = key.SegmentId, Interface = binding, LastAction = segment.LastAction, HasMetadata = hasMetadata },
            [.. segment.InterfaceRefusals, .. segment.DhcpRefusals, .. segment.MetadataRefusals]);
    }

    private async Task<Port> EnsureHostPortAsync(ServeContext context, SegmentRuntime segment, CancellationToken cancellationToken)
    {
        var (runtime, part) = (context.Runtime, context.Segment);
        var subnets = PlanBuilder.HostPortSubnets(part);
        if (segment.HostPort is { } held && segment.InterfacePlan is not null && segment.HostPortSubnets == subnets)
        {
            // The source said which port it is. It is asked again only where what it lists has changed: a change of another port costs no call.
            var listed = part.Network.Ports.FirstOrDefault(port => port.Id == held.Id);
            if (listed is null ? !segment.IsHostPortListed : listed.FixedIps == held.FixedIps && listed.MacAddress == held.MacAddress)
            {
                segment.IsHostPortListed = listed is not null;
                return held;
            }
        }

        runtime.Step = $"asking the source {context.Snapshot.Source} for the host's port";
        var source = findSource(context.Snapshot.Source)
            ?? throw new DhcpHostException(FailureKind.Transient, $"The source {context.Snapshot.Source} is not there now; it is to give the host's port.");
        if (state.Find(runtime.Id).Attachments.All(attachment => attachment.SegmentId != part.Key.SegmentId))
        {
            // On the disk before the source makes it: a port that nobody knows of could never be given back.
            Attach(context, null, null);
            await state.FlushAsync(cancellationToken);
        }

        var hostPort = await SourceCall.RunAsync(token => source.EnsureHostPortAsync(new(part.Network, part.Key.SegmentId, subnets), token), cancellationToken);
        (segment.HostPort, segment.HostPortSubnets, segment.IsHostPortListed) = (hostPort, subnets, part.Network.Ports.Any(port => port.Id == hostPort.Id));
        Attach(context, hostPort, segment.Interface);
        return hostPort;
    }

    private async Task<InterfaceBinding> ApplyInterfaceAsync(
        ServeContext context, SegmentRuntime segment, InterfacePlan plan, CancellationToken cancellationToken)
    {
        if (segment.Interface is { } held && plan == segment.InterfacePlan)
        {
            return held;
        }

        segment.InterfacePlan = null;
        var result = await ApplyAsync<IInterfaceDriver, InterfacePlan, InterfaceApplyResult>(context, context.Selection.Interface, plan, cancellationToken);
        (segment.InterfacePlan, segment.Interface, segment.InterfaceRefusals) = (plan, result.Interface, result.Refusals);
        Attach(context, plan.HostPort, result.Interface);
        return result.Interface;
    }

    private async Task ApplyDhcpAsync(ServeContext context, SegmentRuntime segment, DhcpPlan plan, CancellationToken cancellationToken)
    {
        if (plan == segment.DhcpPlan)
        {
            return;
        }

        segment.DhcpPlan = null;
        var first = plan with { InheritedLeases = await FindInheritedLeasesAsync(context, cancellationToken) };
        var result = await ApplyAsync<IDhcpDriver, DhcpPlan, ApplyResult>(context, context.Selection.Dhcp, first, cancellationToken);
        if (first.InheritedLeases is { } inherited)
        {
            events.Record(
                EventSeverity.Info,
                "leases.inherited",
                context.Runtime.Id,
                $"The driver {context.Selection.Dhcp} took over {inherited.Count} leases of {context.Segment.Key}");
        }

        (segment.DhcpPlan, segment.LastAction, segment.DhcpRefusals) = (plan, result.Action, result.Refusals);
    }

    /// <summary>The leases that are known of a network on which the driver has nothing yet; <c>null</c> for none.</summary>
    private async Task<EquatableArray<Lease>?> FindInheritedLeasesAsync(ServeContext context, CancellationToken cancellationToken)
    {
        var (id, server) = (context.Runtime.Id, context.Segment.Key);
        var key = new HandleKey(server, DriverKind.Dhcp, context.Selection.Dhcp);
        if (state.Find(id).Handles.Any(stored => stored.Key == key))
        {
            return null;
        }

        var now = timeProvider.GetUtcNow();
        var leases = (await state.ReadLeasesAsync(server, cancellationToken)).Where(lease => lease.ExpiresAt is not { } end || end > now).ToEquatableArray();
        return leases.IsEmpty ? null : leases;
    }

    private async Task ApplyMetadataAsync(ServeContext context, SegmentRuntime segment, MetadataPlan plan, CancellationToken cancellationToken)
    {
        if (plan == segment.MetadataPlan)
        {
            return;
        }

        segment.MetadataPlan = null;
        var result = await ApplyAsync<IMetadataDriver, MetadataPlan, ApplyResult>(context, context.Selection.Metadata!.Value, plan, cancellationToken);
        (segment.MetadataPlan, segment.MetadataRefusals) = (plan, result.Refusals);
    }

    private async Task<TResult> ApplyAsync<TDriver, TPlan, TResult>(ServeContext context, DriverId driverId, TPlan plan, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver<TPlan, TResult>
        where TResult : ApplyResult
    {
        var (id, server) = (context.Runtime.Id, context.Segment.Key);
        var key = new HandleKey(server, DriverCalls.KindOf<TDriver>(), driverId);
        var handle = state.Find(id).Handles.FirstOrDefault(stored => stored.Key == key)?.Handle;
        context.Runtime.Step = $"the driver {driverId} applies its plan";
        var result = await calls.CallAsync<TDriver, TResult>(driverId, server, (driver, token) => driver.ApplyAsync(plan, handle, token), cancellationToken);
        Handles.Check(result.Handle, driverId, server);
        state.Update(id, stored => stored.With(new StoredHandle(key.Kind, result.Handle, context.Fingerprint.Value)));
        if (result.Action is ApplyAction.Started or ApplyAction.Restarted)
        {
            context.Runtime.Started(server, key.Kind, timeProvider.GetTimestamp());
        }

        if (key.Kind != DriverKind.Interface && result.Action != ApplyAction.Unchanged)
        {
            var action = result.Action.ToString().ToLowerInvariant();
            events.Record(
                EventSeverity.Info,
                $"server.{action}",
                id,
                $"The driver {driverId} {action} {server}{(result.Reasons.IsEmpty ? "" : $": {string.Join("; ", result.Reasons)}")}");
        }

        metrics.ServerActions.Add(1, new("driver", driverId.Value), new("action", result.Action.ToString().ToLowerInvariant()));
        return result;
    }

    private void Attach(ServeContext context, Port? hostPort, InterfaceBinding? binding) =>
        state.Update(
            context.Runtime.Id,
            stored => stored.With(new StoredAttachment(context.Segment.Key.SegmentId, hostPort, binding)) with { Source = context.Snapshot.Source });
}
