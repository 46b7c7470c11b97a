using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Runs a dnsmasq for each network, in the network's namespace.</summary>
internal sealed class DnsmasqDriver : IDhcpDriver, IDisposable
{
    private const int HandleVersion = 1;
    private const int EventCapacity = 4096;
    private const int TailBytes = 2000;

    private readonly DnsmasqOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly NetnsBroker _broker;
    private readonly ProcessWatcher _watcher;
    private readonly EpollLoop _loop = new("dhcphost-files");
    private readonly BinaryProbe _binaries;
    private readonly ServerFiles _files;
    private readonly ServerTable _table;
    private readonly ServerFinder _finder;
    private readonly ServerApplier _applier;
    private readonly LeaseReleaser _releaser;
    private readonly Channel<DriverEvent> _events = Channel.CreateBounded<DriverEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

    public DnsmasqDriver(DnsmasqOptions options, string root, string version, TimeProvider timeProvider, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _timeProvider = timeProvider;
        _broker = new();
        _watcher = new(timeProvider);
        var spawner = new ProcessSpawner(_broker, _watcher, timeProvider);
        var namespaces = new NetworkNamespaces(_broker);
        _binaries = new(options, spawner);
        _files = new(options, root, timeProvider);
        _table = new(_watcher, OnExited);
        _finder = new(_files, _table, new(options, namespaces));
        _releaser = new(new(_broker), namespaces, _loop, timeProvider);
        _applier = new(options, _binaries, _files, _finder, _table, new(options, spawner, _loop, timeProvider), _releaser, namespaces, logger);
        Info = new(new("dnsmasq"), version, PluginContract.Version);
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
        RouterAdvertisements = true,
    };

    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"dnsmasq for {plan.Server}", async () =>
        {
            var (server, change, refusals) = await _applier.ApplyAsync(plan, handle, cancellationToken);
            if (change.Action != ApplyAction.Unchanged)
            {
                Log.Applied(_logger, plan.Server, change.Action, server.Identity.Pid, string.Join("; ", change.Reasons));
            }

            return new ApplyResult
            {
                Handle = MakeHandle(plan.Server, server.Identity),
                Action = change.Action,
                Reasons = change.Reasons.ToEquatableArray(),
                Refusals = refusals,
            };
        });
    }

    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"dnsmasq for {plan.Server}", async () =>
        {
            var (change, wanted) = await _applier.PreviewAsync(plan, handle, cancellationToken);
            var paths = _files.Of(plan.Server);
            var running = _table.Find(plan.Server) is { } server ? CommandLines.TryRead(server.Identity.Pid) : null;
            var changes = new List<PreviewedChange>();
            void Add(string subject, string? before, string after)
            {
                if (before != after)
                {
                    changes.Add(new(subject, before, after));
                }
            }

            Add(paths.Hosts, ServerFiles.TryRead(paths.Hosts), wanted.Hosts);
            Add(paths.AddnHosts, ServerFiles.TryRead(paths.AddnHosts), wanted.AddnHosts);
            Add(paths.Opts, ServerFiles.TryRead(paths.Opts), wanted.Opts);
            if (running is null || CommandLines.Compare(running, wanted.Arguments.Skip(1)).Count > 0)
            {
                changes.Add(new("command line", running is null ? null : string.Join('\n', ["dnsmasq", .. running]), string.Join('\n', wanted.Arguments)));
            }

            return new ApplyPreview
            {
                Action = change.Action,
                Reasons = change.Reasons.ToEquatableArray(),
                Refusals = wanted.Refusals,
                Changes = changes.ToEquatableArray(),
            };
        });
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"dnsmasq for {handle.Server}", () =>
        {
            if (_finder.Find(handle.Server, handle).Server is { } server)
            {
                Log.Adopted(_logger, handle.Server, server.Identity.Pid);
                return Task.FromResult(new RecoverResult(RecoverOutcome.Recovered, $"pid {server.Identity.Pid}"));
            }

            var recorded = ServerFinder.Read(handle)?.Identity;
            return Task.FromResult(recorded?.Check() == ProcessMatch.Foreign
                ? new RecoverResult(RecoverOutcome.Foreign, $"pid {recorded.Pid} is another process's now")
                : new RecoverResult(RecoverOutcome.Gone, recorded is null ? "the handle names no process" : $"pid {recorded.Pid} has ended"));
        });
    }

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"dnsmasq for {handle.Server}", () => Task.FromResult(ServerInspector.Inspect(_files, _finder, handle)));
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"dnsmasq for {handle.Server}", async () =>
        {
            // Again and again: an interrupted apply may have left more than one.
            while (_finder.Find(handle.Server, handle).Server is { } server)
            {
                await server.StopAsync(_options.StopTimeout, cancellationToken);
                _table.Forget(server);
                Log.Removed(_logger, handle.Server, server.Identity.Pid, reason);
            }

            if (_finder.Find(handle.Server, null).Objection is null)
            {
                _files.Delete(handle.Server, keepsLeases: reason == RemoveReason.Disabled);
            }

            return true;
        });
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        Faults.ClassifyAsync<IReadOnlyList<DriverHandle>>("servers of dnsmasq", () =>
        {
            var handles = new Dictionary<ServerKey, DriverHandle>();
            var foreign = new HashSet<ServerKey>();
            foreach (var (key, identity) in _finder.ScanAll(foreign))
            {
                _ = handles.TryAdd(key, MakeHandle(key, identity));
            }

            foreach (var key in _files.List().Where(key => !foreign.Contains(key)))
            {
                _ = handles.TryAdd(key, MakeHandle(key, null));
            }

            return Task.FromResult<IReadOnlyList<DriverHandle>>([.. handles.Values]);
        });

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"leases of {handle.Server}", () => Task.FromResult(_files.ReadLeases(_files.Of(handle.Server))));
    }

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(lease);
        return Faults.ClassifyAsync($"lease {lease.Address} of {handle.Server}", async () =>
        {
            var paths = _files.Of(handle.Server);
            var rows = _files.ReadLeaseRows(paths)
                .Where(row => row.Address.Equals(lease.Address) && (lease.MacAddress is null || row.MacAddress is null || row.MacAddress == lease.MacAddress))
                .ToList();
            if (rows.Count == 0)
            {
                return false;
            }

            if (_finder.Find(handle.Server, handle).Server is null || ServerFiles.ReadApplied(paths) is not { } applied)
            {
                throw new DhcpHostException(FailureKind.Conflict, $"Lease {lease.Address} cannot be released: its server does not run.");
            }

            var servers = applied.Addresses.Select(address => IPInterfaceAddress.Parse(address, null).Address).ToArray();
            var left = await _releaser.ReleaseAsync(paths, applied.Namespace, applied.Device, servers, rows, cancellationToken);
            return left.Count == 0
                ? true
                : throw new DhcpHostException(FailureKind.Transient, $"dnsmasq did not release {lease.Address} when it was asked to.");
        });
    }

    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) =>
        ProgramHealth.WatchAsync(_events, _binaries.Directories(), DescribeAsync, _loop, _timeProvider, cancellationToken);

    /// <summary>Lets go of everything; servers run on.</summary>
    public void Dispose()
    {
        _ = _events.Writer.TryComplete();
        _table.Dispose();
        _loop.Dispose();
        _binaries.Dispose();
        _watcher.Dispose();
        _broker.Dispose();
    }

    private DriverHandle MakeHandle(ServerKey key, ProcessIdentity? identity) =>
        new(Info.Id, key, HandleVersion, StateJson.Write(new HandleState(identity)));

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var binary = await _binaries.FindAsync(cancellationToken);
        var account = _files.Account;
        var quirk = binary.Quirks.ReloadFreesTags ? "; servers with tagged hosts are restarted, since this version may die of a reload" : "";
        return $"dnsmasq {binary.Version} at {binary.Path}, {account.Reason ?? $"as {account.Name}"}{quirk}";
    }

    private void OnExited(RunningServer server, ProcessExit exit)
    {
        var tail = ReadTail(server.Key);
        var reason = tail.Length > 0 ? $"{exit}; the end of its log: {tail}" : exit.ToString();
        Log.Exited(_logger, server.Key, server.Identity.Pid, reason);
        _ = _events.Writer.TryWrite(new DriverEvent.ServerExited(server.Key, new(exit.Code, exit.Signal, reason)));
    }

    private string ReadTail(ServerKey key)
    {
        try
        {
            var log = _options.LogDirectory.Length > 0 ? LogTail.Read(CommandLineWriter.LogPath(_options, key.NetworkId), TailBytes) : "";
            return log.Length > 0 ? log : LogTail.Read(ServerFiles.OutputPath(_files.Of(key)), TailBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
