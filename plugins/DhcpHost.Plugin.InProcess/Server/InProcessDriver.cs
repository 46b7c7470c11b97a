using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Plans;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>Serves every network by the host's own process, through sockets inside the networks' namespaces.</summary>
internal sealed class InProcessDriver : IDhcpDriver, IAsyncDisposable
{
    private const int EventCapacity = 4096;
    private const string LeaseFile = "leases.journal";
    private const string PlanFile = "plans.journal";
    private const string LockFile = "lock";

    private readonly Protocols _protocols;
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly string _lockPath;
    private readonly NetnsBroker _broker;
    private readonly ServerStarter _starter;
    private readonly LeaseStore _leases;
    private readonly PlanStore _plans;
    private readonly ServerTable _table;
    private readonly DatagramLoop _loop;
    private readonly Channel<DriverEvent> _events = Channel.CreateBounded<DriverEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

    // Not held by a driver that looks on: the files are another process's, or another version's in this one.
    private FileLock? _lock;

    /// <exception cref="LinuxException">The files in the directory cannot be opened.</exception>
    public InProcessDriver(Protocols protocols, string directory, string version, TimeProvider timeProvider, ILogger logger)
    {
        _protocols = protocols;
        _directory = directory;
        _logger = logger;
        _lockPath = Path.Combine(directory, LockFile);
        _lock = FileLock.TryAcquire(_lockPath);
        try
        {
            _leases = new(Path.Combine(directory, LeaseFile), timeProvider, logger, isReadOnly: _lock is null);
            _plans = new(Path.Combine(directory, PlanFile), logger, isReadOnly: _lock is null);
        }
        catch
        {
            _leases?.Dispose();
            _lock?.Dispose();
            throw;
        }

        _leases.OnHealthChanged(failure => _events.Writer.TryWrite(new DriverEvent.HealthChanged(MakeHealth(failure))));
        _broker = new();
        _starter = new(_broker, protocols);
        _table = new(protocols, _leases, _plans, logger, timeProvider, _events.Writer);
        _loop = new("dhcphost-dhcp", _leases, fault => Log.TimerFaulted(logger, fault));
        _ = _loop.RunAsync(_ =>
        {
            _table.Attach(_loop);
            return true;
        });
        Info = new(new("inprocess"), version, PluginContract.Version);
    }

    public DriverInfo Info { get; }

    public DriverCapabilities Capabilities { get; } = new()
    {
        IPv6 = true,
        HotReload = true,
        LeaseQuery = true,
        LeaseRelease = true,
        DynamicPools = true,
        RouterAdvertisements = true,
    };

    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"DHCP for {plan.Server}", async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var model = _protocols.Build(ServedPlan.Of(plan));
            using var ns = _starter.OpenNamespace(plan.Interface);
            _ = await TakeFilesAsync();
            var change = await DecideAsync(model, ns, cancellationToken);
            if (change.Action == ApplyAction.Unchanged)
            {
                return MakeResult(change, model);
            }

            // What runs goes on meanwhile, unless the same ports are needed on another link of its name.
            if (change.Action == ApplyAction.Restarted)
            {
                _ = await _loop.RunAsync(_ => _table.Stop(plan.Server));
            }

            var isNew = change.Action != ApplyAction.Reloaded;
            var sockets = isNew || change.Missing.Count > 0
                ? await _starter.OpenAsync(ns, plan.Interface.Device, change.Missing, isNew, cancellationToken)
                : null;
            var inherited = change.Action == ApplyAction.Started ? plan.InheritedLeases : null;
            var server = await TakeAsync(sockets, replies => Take(model, ns, sockets, isNew, inherited, replies));
            change = change with { Server = server };
            Log.Applied(_logger, plan.Server, change.Action, string.Join("; ", change.Reasons));
            return MakeResult(change, model);
        });
    }

    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"DHCP for {plan.Server}", async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var model = _protocols.Build(ServedPlan.Of(plan));
            using var ns = _starter.TryOpenNamespace(plan.Interface.Namespace);
            var change = await DecideAsync(model, ns, cancellationToken);
            var (kept, isOthers) = await _loop.RunAsync(_ => (_plans.Find(plan.Server), _lock is null));
            if (kept is not null && isOthers)
            {
                // It is served by who has the files.
                var reasons = ServedPlan.Compare(kept, model.Plan);
                change = change with { Action = reasons.Count == 0 ? ApplyAction.Unchanged : ApplyAction.Reloaded, Reasons = reasons };
            }

            return new ApplyPreview
            {
                Action = change.Action,
                Reasons = change.Reasons.ToEquatableArray(),
                Refusals = model.Refusals,
                Changes = PlanText.Compare(change.Server?.Model.Plan ?? kept, model.Plan),
            };
        });
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"DHCP for {handle.Server}", async () =>
        {
            _ = await TakeFilesAsync();
            var (server, plan) = await _loop.RunAsync(_ => (_table.Find(handle.Server), _plans.Find(handle.Server)));
            if (server is not null)
            {
                return new(RecoverOutcome.Recovered, "it is served");
            }

            if (plan is null || HandleState.TryParse(handle.State) is not { } state)
            {
                return new(RecoverOutcome.Gone, "nothing is known of what was served");
            }

            using var ns = _starter.TryOpenNamespace(state.Namespace);
            if (ns is null || ns.Id.ToString() != state.NamespaceId || plan.Interface.Namespace != state.Namespace)
            {
                return new(RecoverOutcome.Gone, $"the namespace {state.Namespace} is gone");
            }

            return await ResumeAsync(plan, state, ns, cancellationToken);
        });
    }

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"DHCP for {handle.Server}", async () =>
        {
            var result = await _loop.RunAsync(_ => _table.Find(handle.Server) is { } server ? ServerInspector.Inspect(server, _protocols) : null);
            return result ?? await InspectMissingAsync(handle, cancellationToken);
        });
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"DHCP for {handle.Server}", async () =>
        {
            _ = await TakeFilesAsync();
            if (await _loop.RunAsync(_ => _table.Remove(handle.Server, keepsLeases: reason == RemoveReason.Disabled)))
            {
                Log.Removed(_logger, handle.Server, reason);
            }

            return true;
        });
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        Faults.ClassifyAsync<IReadOnlyList<DriverHandle>>("servers of this process", async () =>
            await _loop.RunAsync(_ => _table.Keys.Select(key => MakeHandle(key, _table.Find(key)?.Link)).ToList()));

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync<IReadOnlyList<Lease>>($"leases of {handle.Server}", async () =>
            await _loop.RunAsync(_ => _leases.TryFind(handle.Server, out var leases) ? LeaseList.Of(leases, _leases.Now) : []));
    }

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(lease);
        return Faults.ClassifyAsync($"lease {lease.Address} of {handle.Server}", async () =>
        {
            _ = await TakeFilesAsync();
            return await _loop.RunAsync(_ =>
                _leases.TryFind(handle.Server, out var leases) && LeaseList.Release(leases, lease, _leases.Now) && _leases.Commit(isDurable: true));
        });
    }

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new DriverEvent.HealthChanged(MakeHealth(await _loop.RunAsync(_ => _leases.Failure)));
        await foreach (var notice in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }
    }

    /// <summary>Ends all servers; what they served and their leases are on the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _events.Writer.TryComplete();
        _ = await _loop.RunAsync(_ =>
        {
            _table.StopAll();
            return true;
        });
        _loop.Dispose();
        _leases.Dispose();
        _plans.Dispose();
        _broker.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Makes the files this driver's own, unless they are.</summary>
    /// <exception cref="DhcpHostException">Another still has them: a host that runs, or the version of this plugin that is about to end.</exception>
    private Task<bool> TakeFilesAsync() => _loop.RunAsync(_ =>
    {
        if (_lock is not null)
        {
            return true;
        }

        var taken = FileLock.TryAcquire(_lockPath) ?? throw new DhcpHostException(
            FailureKind.Conflict, $"Another host, or another version of this driver, has the leases below {_directory}; it is tried again.");
        try
        {
            _leases.Open(isReadOnly: false);
            _plans.Open(isReadOnly: false);
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        _lock = taken;
        return true;
    });

    private Task<ServerChange> DecideAsync(ServingModel model, NetworkNamespace? ns, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _loop.RunAsync(_ => ServerChange.Decide(_table.Find(model.Plan.Server), model, ns?.Id.ToString() ?? ""));
    }

    private NetworkServer Take(
        ServingModel model, NetworkNamespace ns, OpenedSockets? sockets, bool isNew, EquatableArray<Lease>? inherited, DatagramReplies replies)
    {
        if (inherited is { } leases)
        {
            _leases.Forget(model.Plan.Server);
            LeaseList.Import(_leases.Of(model.Plan.Server), leases);
        }

        if (isNew)
        {
            return _table.Start(model, ns.Id.ToString(), sockets!);
        }

        var server = _table.Find(model.Plan.Server) ?? throw new LinuxException(Errno.ENODEV, $"reload on {model.Plan.Interface.Device}");
        _table.Swap(server, model, sockets, replies);
        return server;
    }

    /// <summary>Hands sockets to the loop; they are closed where it does not take them.</summary>
    private async Task<NetworkServer> TakeAsync(OpenedSockets? sockets, Func<DatagramReplies, NetworkServer> take)
    {
        try
        {
            return await _loop.RunAsync(take);
        }
        catch (Exception e) when (e is LinuxException or ObjectDisposedException)
        {
            sockets?.Close();
            throw;
        }
    }

    private async Task<RecoverResult> ResumeAsync(DhcpPlan plan, HandleState state, NetworkNamespace ns, CancellationToken cancellationToken)
    {
        var model = _protocols.Build(plan);
        OpenedSockets sockets;
        try
        {
            sockets = await _starter.OpenAsync(ns, state.Device, ServerChange.Needed(model), withLinkEvents: true, cancellationToken);
        }
        catch (LinuxException e) when (e.Errno == Errno.EADDRINUSE)
        {
            return new(RecoverOutcome.Foreign, "another DHCP server runs there");
        }
        catch (LinuxException e) when (e.Errno == Errno.ENODEV)
        {
            return new(RecoverOutcome.Gone, $"the link {state.Device} is gone");
        }

        if (sockets.Link.Index != state.Index)
        {
            sockets.Close();
            return new(RecoverOutcome.Gone, $"the link {state.Device} is another one now");
        }

        _ = await TakeAsync(sockets, _ => _table.Start(model, state.NamespaceId, sockets));
        Log.Resumed(_logger, plan.Server);
        return new(RecoverOutcome.Recovered, "it is served again as it was");
    }

    private async Task<InspectResult> InspectMissingAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        const string nothing = "it is not served";
        if (HandleState.TryParse(handle.State) is not { } state || _starter.TryOpenNamespace(state.Namespace) is not { } ns)
        {
            return new() { State = InspectState.Missing, Reason = nothing };
        }

        using (ns)
        {
            try
            {
                (await _starter.OpenAsync(ns, state.Device, [.. Enumerable.Range(0, _protocols.All.Count)], withLinkEvents: false, cancellationToken)).Close();
                return new() { State = InspectState.Missing, Reason = nothing };
            }
            catch (LinuxException e)
            {
                return e.Errno == Errno.EADDRINUSE
                    ? new() { State = InspectState.Foreign, Reason = "another DHCP server runs there" }
                    : new() { State = InspectState.Missing, Reason = $"{nothing}: {e.Message}" };
            }
        }
    }

    private ApplyResult MakeResult(ServerChange change, ServingModel model) => new()
    {
        Handle = MakeHandle(model.Plan.Server, change.Server!.Link),
        Action = change.Action,
        Reasons = change.Reasons.ToEquatableArray(),
        Refusals = model.Refusals,
    };

    private DriverHandle MakeHandle(ServerKey key, LinkFacts? link) => new(
        Info.Id, key, HandleState.Version,
        link is null ? "{}" : new HandleState(link.Binding.Namespace, link.NamespaceId, link.Binding.Device, link.Index).Format());

    private DriverHealth MakeHealth(string? failure) => failure is null
        ? new(true, string.Create(CultureInfo.InvariantCulture, $"in this process, leases in {Path.Combine(_directory, LeaseFile)}"))
        : new(false, $"leases cannot be written, so none are given: {failure}. Make room or mend the disk below {_directory}");
}
