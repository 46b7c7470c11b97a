using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Leases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Runs a kea-dhcp4 and a kea-dhcp6, as far as there is work for them, for each network, in the network's namespace.</summary>
internal sealed class KeaDriver : IDhcpDriver, IDisposable
{
    private const int HandleVersion = 1;
    private const int EventCapacity = 4096;

    private readonly KeaOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly NetnsBroker _broker = new();
    private readonly ProcessWatcher _watcher;
    private readonly EpollLoop _loop = new("dhcphost-kea");
    private readonly BinaryProbe _binaries;
    private readonly ServerFiles _files;
    private readonly ServerTables _tables;
    private readonly ServerFinder _finder;
    private readonly LeaseKeeper _leases;
    private readonly ServerApplier _applier;
    private readonly ServerInspector _inspector;
    private readonly Channel<DriverEvent> _events = Channel.CreateBounded<DriverEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

    public KeaDriver(KeaOptions options, string root, string version, TimeProvider timeProvider, ILogger? logger = null)
    {
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _timeProvider = timeProvider;
        _watcher = new(timeProvider);
        var spawner = new ProcessSpawner(_broker, _watcher, timeProvider);
        _binaries = new(options, spawner);
        _files = new(root, options);
        _tables = new(_watcher, OnExited);
        _finder = new(_files, _tables);
        _leases = new(options, timeProvider);
        _applier = new(
            options, _binaries, _files, _finder, _tables, new(options, spawner, _loop, timeProvider), _leases, new(_broker), timeProvider, _logger);
        _inspector = new(_files, _finder, _leases);
        Info = new(new("kea"), version, PluginContract.Version);
    }

    public DriverInfo Info { get; }

    public DriverCapabilities Capabilities { get; } = new()
    {
        IPv6 = true,
        HotReload = true,
        LeaseQuery = true,
        LeaseRelease = true,
        SurvivesHostRestart = true,
        DynamicPools = true,
        RouterAdvertisements = false,
    };

    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"Kea for {plan.Server}", async () =>
        {
            var (done, refusals) = await _applier.ApplyAsync(plan, handle, cancellationToken);
            var action = done.Max(step => step.Effect);
            var reasons = done.SelectMany(step => step.Reasons).ToEquatableArray();
            if (action != ApplyAction.Unchanged)
            {
                Log.Applied(_logger, plan.Server, action, string.Join("; ", reasons));
            }

            return new ApplyResult { Handle = MakeHandle(plan.Server), Action = action, Reasons = reasons, Refusals = refusals };
        });
    }

    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"Kea for {plan.Server}", async () =>
        {
            var (steps, wanted) = await _applier.PreviewAsync(plan, handle, cancellationToken);
            var changes = new List<PreviewedChange>();
            foreach (var step in steps.Where(step => step.Wanted is not null && step.Action != ApplyAction.Unchanged))
            {
                var path = _files.Of(plan.Server).Config(step.Family);
                changes.Add(new(path, ServerFiles.TryRead(path), step.Wanted));
            }

            return new ApplyPreview
            {
                Action = steps.Max(step => step.Effect),
                Reasons = steps.SelectMany(step => step.Reasons).ToEquatableArray(),
                Refusals = wanted.Refusals,
                Changes = changes.ToEquatableArray(),
            };
        });
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"Kea for {handle.Server}", () =>
        {
            var found = new List<string>();
            foreach (var family in KeaFamily.All)
            {
                if (_finder.Find(handle.Server, family, handle).Server is { } server)
                {
                    Log.Adopted(_logger, handle.Server, family.Program, server.Identity.Pid);
                    found.Add($"{family}, pid {server.Identity.Pid}");
                }
            }

            return Task.FromResult(
                found.Count > 0 ? new RecoverResult(RecoverOutcome.Recovered, string.Join("; ", found))
                : ServerInspector.FindForeign(handle) is { } foreign ? new(RecoverOutcome.Foreign, $"pid {foreign.Pid} is another process's now")
                : new(RecoverOutcome.Gone, "no Kea of ours runs for it"));
        });
    }

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"Kea for {handle.Server}", () => _inspector.InspectAsync(handle, cancellationToken));
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"Kea for {handle.Server}", async () =>
        {
            foreach (var family in KeaFamily.All)
            {
                // Again and again: an interrupted apply may have left more than one.
                while (_finder.Find(handle.Server, family, handle).Server is { } server)
                {
                    await server.StopAsync(_options.StopTimeout, cancellationToken);
                    _tables.Of(family).Forget(server);
                    Log.Removed(_logger, handle.Server, family.Program, server.Identity.Pid, reason);
                }
            }

            _files.Delete(handle.Server, keepsLeases: reason == RemoveReason.Disabled);
            return true;
        });
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        Faults.ClassifyAsync<IReadOnlyList<DriverHandle>>("servers of Kea", () =>
        {
            var keys = new SortedDictionary<string, (ServerKey Key, HandleState State)>(StringComparer.Ordinal);
            foreach (var (key, family, identity) in _finder.ScanAll())
            {
                var state = keys.GetValueOrDefault(key.ToString()).State ?? new(null, null);
                keys[key.ToString()] = (key, family == KeaFamily.V4 ? state with { Dhcp4 = identity } : state with { Dhcp6 = identity });
            }

            foreach (var key in _files.List())
            {
                _ = keys.TryAdd(key.ToString(), (key, new(null, null)));
            }

            return Task.FromResult<IReadOnlyList<DriverHandle>>([.. keys.Values.Select(found => MakeHandle(found.Key, found.State))]);
        });

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync<IReadOnlyList<Lease>>($"leases of {handle.Server}", async () =>
        {
            var leases = new List<Lease>();
            foreach (var family in KeaFamily.All)
            {
                leases.AddRange((await ListAsync(handle, family, cancellationToken)).Select(lease => lease.ToLease()));
            }

            return leases;
        });
    }

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(lease);
        return Faults.ClassifyAsync($"lease {lease.Address} of {handle.Server}", async () =>
        {
            var family = lease.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? KeaFamily.V6 : KeaFamily.V4;
            var held = (await ListAsync(handle, family, cancellationToken))
                .Any(row => row.Address.Equals(lease.Address) && (lease.MacAddress is null || row.MacAddress is null || row.MacAddress == lease.MacAddress));
            if (!held)
            {
                return false;
            }

            return _finder.Find(handle.Server, family, handle).Server is null
                ? throw new DhcpHostException(FailureKind.Conflict, $"Lease {lease.Address} cannot be released: its server does not run.")
                : await _leases.DeleteAsync(_files.Of(handle.Server), family, lease.Address, cancellationToken);
        });
    }

    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) =>
        ProgramHealth.WatchAsync(_events, _binaries.Directories(), DescribeAsync, _loop, _timeProvider, cancellationToken);

    /// <summary>Lets go of everything; servers run on.</summary>
    public void Dispose()
    {
        _ = _events.Writer.TryComplete();
        _tables.Dispose();
        _loop.Dispose();
        _watcher.Dispose();
        _broker.Dispose();
    }

    private Task<IReadOnlyList<KeaLease>> ListAsync(DriverHandle handle, KeaFamily family, CancellationToken cancellationToken) =>
        _leases.ListAsync(_files.Of(handle.Server), family, _finder.Find(handle.Server, family, handle).Server is not null, cancellationToken);

    private DriverHandle MakeHandle(ServerKey key) =>
        MakeHandle(key, new(_tables.Of(KeaFamily.V4).Find(key)?.Identity, _tables.Of(KeaFamily.V6).Find(key)?.Identity));

    private DriverHandle MakeHandle(ServerKey key, HandleState state) => new(Info.Id, key, HandleVersion, state.ToJson());

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var v4 = await _binaries.FindAsync(KeaFamily.V4, cancellationToken);
        var v6 = await _binaries.FindAsync(KeaFamily.V6, cancellationToken);
        var hook = v4.LeaseCommands is null ? "; without libdhcp_lease_cmds.so leases cannot be released" : "";
        var account = _files.DescribeAccount();
        return $"Kea {v4.Version} at {v4.Path}, {v6.Version} at {v6.Path}, {account.Reason ?? $"as {account.Name}"}{hook}";
    }

    private void OnExited(KeaFamily family, RunningServer server, ProcessExit exit)
    {
        var tail = ReadTail(server.Key, family);
        var reason = tail.Length > 0 ? $"{family}: {exit}; the end of its log: {tail}" : $"{family}: {exit}";
        Log.Exited(_logger, server.Key, family.Program, server.Identity.Pid, reason);
        _ = _events.Writer.TryWrite(new DriverEvent.ServerExited(server.Key, new(exit.Code, exit.Signal, reason)));
    }

    private string ReadTail(ServerKey key, KeaFamily family)
    {
        try
        {
            return ServerStarter.ReadTail(_files.Of(key), family);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
