using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>
/// A DHCP driver whose servers run on a <see cref="FakeMachine"/>. It keeps the contract, and breaks it where a test says so
/// (<see cref="Misbehave"/>). It notes every call.
/// </summary>
public sealed class FakeDhcpDriver : IDhcpDriver, IDisposable
{
    private const int HandleVersion = 1;
    private const int EventCapacity = 4096;

    private readonly FakeFaults _faults = new();
    private readonly ConcurrentDictionary<Channel<DriverEvent>, bool> _watchers = new();
    private readonly ConcurrentDictionary<ServerKey, int> _running = new();
    private readonly TimeProvider _timeProvider;
    private DriverHealth _health = new(true, "fake servers only");
    private int _overlaps;

    /// <summary>A driver on a machine.</summary>
    /// <param name="machine">Where its servers run; <c>null</c> for a machine of its own.</param>
    /// <param name="timeProvider">The clock of slow calls.</param>
    /// <param name="id">Its id.</param>
    public FakeDhcpDriver(FakeMachine? machine = null, TimeProvider? timeProvider = null, string id = "fake")
    {
        Machine = machine ?? new();
        _timeProvider = timeProvider ?? TimeProvider.System;
        Info = new(new(id), "1.0.0", PluginContract.Version);
        Machine.Exited += OnExited;
    }

    /// <inheritdoc/>
    public DriverInfo Info { get; }

    /// <inheritdoc/>
    public DriverCapabilities Capabilities { get; init; } = new()
    {
        IPv6 = true,
        HotReload = true,
        LeaseQuery = true,
        LeaseRelease = true,
        SurvivesHostRestart = true,
        DynamicPools = true,
    };

    /// <summary>Where its servers run.</summary>
    public FakeMachine Machine { get; }

    /// <summary>Every call, in the order in which they began.</summary>
    public ConcurrentQueue<FakeCall> Calls { get; } = new();

    /// <summary>Parts that every apply refuses.</summary>
    public EquatableArray<Refusal> Refusals { get; set; }

    /// <summary>How often it was called for a server while a call for that server was under way: more than none is a broken promise of the host's.</summary>
    public int Overlaps => Volatile.Read(ref _overlaps);

    /// <summary>Plans a fault for calls to come.</summary>
    /// <param name="operation">Which calls.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="server">For which server; <c>null</c> for any.</param>
    /// <param name="times">How often; <see cref="int.MaxValue"/> for ever.</param>
    public void Misbehave(FakeOperation operation, FakeFault fault, ServerKey? server = null, int times = 1) => _faults.Add(operation, fault, server, times);

    /// <summary>Forgets all planned faults.</summary>
    public void Behave() => _faults.Clear();

    /// <summary>How many calls of a kind it got, for a server or for all.</summary>
    public int CountCalls(FakeOperation operation, ServerKey? server = null) =>
        Calls.Count(call => call.Operation == operation && (server is null || call.Server == server));

    /// <summary>Tells all watchers of another health.</summary>
    public void SetHealth(DriverHealth health)
    {
        _health = health;
        Tell(new DriverEvent.HealthChanged(health));
    }

    /// <summary>Tells all watchers that a server was changed behind the driver's back.</summary>
    public void TellDrift(ServerKey server, string reason, bool isArrival = false) =>
        Tell(new DriverEvent.Drifted(server, reason) { IsArrival = isArrival });

    /// <summary>Ends all watches, as a driver does whose watcher broke.</summary>
    public void EndWatches()
    {
        foreach (var channel in _watchers.Keys)
        {
            _ = channel.Writer.TryComplete();
        }
    }

    /// <inheritdoc/>
    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return RunAsync(new(FakeOperation.Apply, plan.Server), () => Apply(plan, handle), Distort, cancellationToken);

        ApplyResult Distort(ApplyResult result, FakeFault? fault)
        {
            if (fault is FakeFault.ServerDies { Exit: var exit })
            {
                _ = Machine.Kill(plan.Server, exit);
            }

            return fault is FakeFault.WrongHandle { Change: var change } ? result with { Handle = change(result.Handle) } : result;
        }
    }

    /// <inheritdoc/>
    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return RunAsync(new(FakeOperation.Preview, plan.Server), () => Preview(plan, handle), null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        RunAsync(new(FakeOperation.Recover, handle.Server), () => Find(handle) switch
        {
            null => new RecoverResult(RecoverOutcome.Gone, "no such pid"),
            { IsOurs: false } => new(RecoverOutcome.Foreign, "the pid is somebody else's"),
            _ => new(RecoverOutcome.Recovered),
        }, null, cancellationToken);

    /// <inheritdoc/>
    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        RunAsync(new(FakeOperation.Inspect, handle.Server), () => Find(handle) switch
        {
            null => new InspectResult { State = InspectState.Missing, Reason = "no such pid" },
            { IsOurs: false } => new() { State = InspectState.Foreign, Reason = "the pid is somebody else's" },
            { IsAsApplied: false } server => new() { State = InspectState.Drifted, Reason = "changed", ProcessId = server.Pid },
            { } server => new() { State = InspectState.Running, ProcessId = server.Pid },
        }, null, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) =>
        RunAsync(new(FakeOperation.Remove, handle.Server), () => Find(handle) is { IsOurs: true } server && Machine.Stop(server.Pid), null, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<DriverHandle>>(
            new(FakeOperation.Discover, null), () => [.. Machine.Servers.Where(server => server.IsOurs).Select(MakeHandle)], null, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Lease>>(
            new(FakeOperation.ListLeases, handle.Server),
            () => [.. (Find(handle) ?? Machine.FindEnded(int.Parse(handle.State, CultureInfo.InvariantCulture)))?.Leases ?? []],
            null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken) =>
        RunAsync(new(FakeOperation.ReleaseLease, handle.Server), () =>
        {
            var found = Find(handle)?.Leases.Contains(lease) == true;
            Machine.Change(handle.Server, server => server with { Leases = server.Leases.Remove(lease) });
            return found;
        }, null, cancellationToken);

    /// <summary>Whether anybody watches: what happens before is told to nobody.</summary>
    public bool IsWatched => !_watchers.IsEmpty;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<DriverEvent>(EventCapacity);
        _watchers[channel] = true;
        try
        {
            yield return new DriverEvent.HealthChanged(_health);
            await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return notice;
            }
        }
        finally
        {
            _ = _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Lets go of the machine; its servers run on.</summary>
    public void Dispose()
    {
        Machine.Exited -= OnExited;
        EndWatches();
    }

    private ApplyResult Apply(DhcpPlan wish, DriverHandle? handle)
    {
        // What a server takes over at its start is no part of what it is.
        var plan = wish with { InheritedLeases = null };
        var preview = Preview(plan, handle);
        var server = FindFor(plan, handle);
        switch (preview.Action)
        {
            case ApplyAction.Unchanged:
                break;
            case ApplyAction.Reloaded:
                Machine.Reload(server!.Pid, plan);
                break;
            default:
                _ = server is not null && Machine.Stop(server.Pid);
                server = Machine.Start(plan);
                if (wish.InheritedLeases is { } inherited)
                {
                    Machine.Change(plan.Server, one => one with { Leases = [.. inherited] });
                }

                break;
        }

        return new() { Handle = MakeHandle(server!), Action = preview.Action, Reasons = preview.Reasons, Refusals = preview.Refusals };
    }

    private ApplyPreview Preview(DhcpPlan plan, DriverHandle? handle)
    {
        var server = FindFor(plan, handle);
        var (action, reason) = server switch
        {
            null => (ApplyAction.Started, "nothing ran"),
            { IsOurs: false } => throw new DhcpHostException(FailureKind.Conflict, $"Server {plan.Server}: pid {server.Pid} is not ours; end it."),
            { IsAsApplied: true } when server.Plan == plan => (ApplyAction.Unchanged, null),
            _ when server.Plan.Interface != plan.Interface => (ApplyAction.Restarted, "the interface changed"),
            _ => (ApplyAction.Reloaded, "the network changed"),
        };
        return new() { Action = action, Reasons = reason is null ? [] : [reason], Refusals = Refusals };
    }

    private FakeServer? FindFor(DhcpPlan plan, DriverHandle? handle) => (handle is null ? null : Find(handle)) ?? Machine.Find(plan.Server);

    private FakeServer? Find(DriverHandle handle) =>
        Machine.Servers.FirstOrDefault(server => server.Pid.ToString(CultureInfo.InvariantCulture) == handle.State && server.Plan.Server == handle.Server);

    private DriverHandle MakeHandle(FakeServer server) => new(Info.Id, server.Plan.Server, HandleVersion, server.Pid.ToString(CultureInfo.InvariantCulture));

    private void OnExited(FakeServer server, ServerExit exit)
    {
        if (server.IsOurs)
        {
            Tell(new DriverEvent.ServerExited(server.Plan.Server, exit));
        }
    }

    private void Tell(DriverEvent notice)
    {
        foreach (var channel in _watchers.Keys)
        {
            _ = channel.Writer.TryWrite(notice);
        }
    }

    private async Task<T> RunAsync<T>(FakeCall call, Func<T> work, Func<T, FakeFault?, T>? distort, CancellationToken cancellationToken)
    {
        // Never on the caller's stack: a test must not pass because a driver happened to be synchronous.
        await Task.Yield();
        Calls.Enqueue(call);
        if (call.Server is { } server && _running.AddOrUpdate(server, 1, (_, count) => count + 1) > 1)
        {
            _ = Interlocked.Increment(ref _overlaps);
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fault = _faults.Take(call);
            switch (fault)
            {
                case FakeFault.Throws { Make: var make }:
                    throw make();
                case FakeFault.IsSlow { Delay: var delay }:
                    await Task.Delay(delay, _timeProvider, cancellationToken);
                    break;
                case FakeFault.Hangs:
                    await Task.Delay(Timeout.InfiniteTimeSpan, _timeProvider, cancellationToken);
                    break;
                case FakeFault.IgnoresCancellation { Release: var release }:
                    await release;
                    break;
            }

            var result = work();
            if (fault is FakeFault.ThrowsAfterwards { Make: var makeLate })
            {
                throw makeLate();
            }

            return distort is null ? result : distort(result, fault);
        }
        finally
        {
            if (call.Server is { } ended)
            {
                _ = _running.AddOrUpdate(ended, 0, (_, count) => count - 1);
            }
        }
    }
}
