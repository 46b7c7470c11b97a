using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.HaProxy.Configuration;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Runs an HAProxy for each network, in the network's namespace, in front of neutron-metadata-agent.</summary>
internal sealed class HaProxyDriver : IMetadataDriver, IDisposable
{
    private const int HandleVersion = 1;
    private const int EventCapacity = 4096;

    private readonly HaProxyOptions _options;
    private readonly string _state;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly NetnsBroker _broker = new();
    private readonly EpollLoop _loop = new("dhcphost-addresses");
    private readonly ProcessWatcher _watcher;
    private readonly NetworkNamespaces _namespaces;
    private readonly ProxyBinary _binary;
    private readonly ServerTable _table;
    private readonly ProxyFinder _finder;
    private readonly ProxyApplier _applier;
    private readonly Channel<DriverEvent> _events = Channel.CreateBounded<DriverEvent>(
        new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });

    public HaProxyDriver(HaProxyOptions options, string state, string version, TimeProvider timeProvider, ILogger logger)
    {
        (_options, _state, _logger, _timeProvider) = (options, state, logger, timeProvider);
        _watcher = new(timeProvider);
        _namespaces = new(_broker);
        var spawner = new ProcessSpawner(_broker, _watcher, timeProvider);
        _binary = new(options, spawner);
        _table = new(_watcher, OnExited);
        _finder = new(state, _table);
        _applier = new(options, state, _binary, _finder, _table, new(options, _binary, spawner, _watcher, new(_broker), timeProvider), logger);
        Info = new(new("haproxy"), version, PluginContract.Version);
    }

    public DriverInfo Info { get; }

    public DriverCapabilities Capabilities { get; } = new() { IPv6 = true, SurvivesHostRestart = true };

    public Task<ApplyResult> ApplyAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"haproxy for {plan.Server}", async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var place = await ProxyPlace.OpenAsync(_namespaces, _broker, _loop, plan, cancellationToken);
            var (proxy, action, reasons, text) = await _applier.ApplyAsync(plan, place, handle, cancellationToken);
            if (action != ApplyAction.Unchanged)
            {
                Log.Applied(_logger, plan.Server, action, proxy.Identity.Pid, string.Join("; ", reasons));
            }

            return new ApplyResult
            {
                Handle = MakeHandle(plan.Server, new(proxy.Identity, text, place.Link)),
                Action = action,
                Reasons = reasons.ToEquatableArray(),
            };
        });
    }

    public Task<ApplyPreview> PreviewAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Faults.ClassifyAsync($"haproxy for {plan.Server}", async () =>
        {
            using var place = await ProxyPlace.OpenAsync(_namespaces, _broker, _loop, plan, cancellationToken);
            var (action, reasons, text) = _applier.Decide(plan, place, _finder.Find(plan.Server, handle).Proxy, handle);
            var path = ProxyPaths.Of(_state, plan.Server).Config;
            var before = ProxyApplier.TryRead(path);
            return new ApplyPreview { Action = action, Reasons = reasons.ToEquatableArray(), Changes = before == text ? [] : [new(path, before, text)] };
        });
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"haproxy for {handle.Server}", () =>
        {
            if (_finder.Find(handle.Server, handle).Proxy is { } proxy)
            {
                Log.Adopted(_logger, handle.Server, proxy.Identity.Pid);
                return Task.FromResult(new RecoverResult(RecoverOutcome.Recovered, $"pid {proxy.Identity.Pid}"));
            }

            var recorded = HandleState.Read(handle)?.Identity;
            return Task.FromResult(recorded?.Check() == ProcessMatch.Foreign
                ? new RecoverResult(RecoverOutcome.Foreign, $"pid {recorded.Pid} is another process's now")
                : new RecoverResult(RecoverOutcome.Gone, recorded is null ? "the handle names no process" : $"pid {recorded.Pid} has ended"));
        });
    }

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"haproxy for {handle.Server}", () => Task.FromResult(Inspect(handle)));
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Faults.ClassifyAsync($"haproxy for {handle.Server}", async () =>
        {
            // Again and again: an interrupted apply may have left more than one.
            while (_finder.Find(handle.Server, handle).Proxy is { } proxy)
            {
                await proxy.StopAsync(_options.StopTimeout, cancellationToken, ProcessSignal.User1);
                _table.Forget(proxy);
                Log.Removed(_logger, handle.Server, proxy.Identity.Pid, reason);
            }

            Delete(ProxyPaths.Of(_state, handle.Server), handle.Server);
            return true;
        });
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        Faults.ClassifyAsync<IReadOnlyList<DriverHandle>>("proxies of haproxy", () =>
        {
            var handles = new Dictionary<ServerKey, DriverHandle>();
            foreach (var (key, identity) in _finder.ScanAll())
            {
                _ = handles.TryAdd(key, MakeHandle(key, new(identity, null, 0)));
            }

            foreach (var key in ListFiles())
            {
                _ = handles.TryAdd(key, MakeHandle(key, new(null, null, 0)));
            }

            return Task.FromResult<IReadOnlyList<DriverHandle>>([.. handles.Values]);
        });

    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) =>
        ProgramHealth.WatchAsync(_events, _binary.Directories(), DescribeAsync, _loop, _timeProvider, cancellationToken);

    /// <summary>Lets go of everything; proxies run on.</summary>
    public void Dispose()
    {
        _ = _events.Writer.TryComplete();
        _table.Dispose();
        _loop.Dispose();
        _watcher.Dispose();
        _broker.Dispose();
    }

    private static void Delete(ProxyPaths paths, ServerKey key)
    {
        foreach (var path in new[] { paths.Config, paths.Pid, paths.Trial }.Where(File.Exists))
        {
            File.Delete(path);
        }

        if (key.SegmentId is not null && Directory.Exists(paths.Directory) && !Directory.EnumerateFileSystemEntries(paths.Directory).Any())
        {
            Directory.Delete(paths.Directory);
        }
    }

    private IEnumerable<ServerKey> ListFiles()
    {
        var root = ProxyPaths.DirectoryOf(_state);
        return !Directory.Exists(root)
            ? []
            : Directory.EnumerateFiles(root, "*.conf", SearchOption.AllDirectories).Select(path => ProxyPaths.FindKey(_state, path)).OfType<ServerKey>();
    }

    private InspectResult Inspect(DriverHandle handle)
    {
        var recorded = HandleState.Read(handle);
        if (_finder.Find(handle.Server, handle).Proxy is not { } proxy)
        {
            return recorded?.Identity?.Check() == ProcessMatch.Foreign
                ? new() { State = InspectState.Foreign, Reason = $"pid {recorded.Identity.Pid} is another process's now" }
                : new() { State = InspectState.Missing, Reason = "no haproxy of ours runs for it" };
        }

        var path = ProxyPaths.Of(_state, handle.Server).Config;
        var text = ProxyApplier.TryRead(path);
        var drift = text is null ? $"{path} is gone"
            : recorded?.Config is { } read && !ConfigurationWriter.AreEqual(read, text) ? $"{path} was changed"
            : null;
        return new()
        {
            State = drift is null ? InspectState.Running : InspectState.Drifted,
            Reason = drift,
            ProcessId = proxy.Identity.Pid,
            MemoryBytes = ProcessMemory.TryRead(proxy.Identity.Pid)?.Private,
            Details = new([new("configuration", path)]),
        };
    }

    private DriverHandle MakeHandle(ServerKey key, HandleState state) => new(Info.Id, key, HandleVersion, state.ToText());

    private async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var account = ProxyAccount.Find(_options);
        return $"{await _binary.ReadVersionAsync(cancellationToken)}, as {account.User}, in front of {_options.MetadataProxySocket}";
    }

    private void OnExited(RunningServer proxy, ProcessExit exit)
    {
        Log.Exited(_logger, proxy.Key, proxy.Identity.Pid, exit.ToString());
        _ = _events.Writer.TryWrite(new DriverEvent.ServerExited(proxy.Key, new(exit.Code, exit.Signal, exit.ToString())));
    }
}
