using System.Collections.Immutable;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Core.Plugins;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugins.Registry;
using DhcpHost.Plugins.Supervision;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins;

/// <summary>
/// Finds, checks, loads, watches and swaps plugins. Whatever is wrong with one of them is that plugin's state, never the host's end. Thread-safe after
/// <see cref="StartAsync"/>; dispose it to end all plugins (which leaves the servers running that they run).
/// </summary>
public sealed partial class PluginHost : IPluginCatalog, IAsyncDisposable
{
    /// <summary>The meter of the metrics <c>dhcphost_plugins</c>, <c>dhcphost_plugin_swaps</c> and <c>dhcphost_plugin_contexts_leaked</c>.</summary>
    public const string MeterName = "DhcpHost.Plugins";

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RemovalGrace = TimeSpan.FromSeconds(1);

    private readonly PluginRuntime _runtime;
    private readonly PluginMetrics _metrics;
    private readonly DriverRegistry _registry = new();
    private readonly ILogger _logger;
    private readonly ImmutableArray<string> _directories;
    private readonly SemaphoreSlim _scan = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<PluginId, long> _missingSince = [];
    private ImmutableSortedDictionary<PluginId, PluginSupervisor> _plugins = ImmutableSortedDictionary<PluginId, PluginSupervisor>.Empty;
    private ImmutableArray<PluginStatus> _shadowed = [];
    private ImmutableHashSet<string> _warned = [];
    private EpollLoop? _epoll;
    private DirectoryWatches? _watches;
    private Task _loop = Task.CompletedTask;
    private readonly Lock _restLock = new();
    private IReadOnlySet<PluginId>? _first;
    private Task? _rest;

    /// <summary>Prepares it; nothing is read before <see cref="StartAsync"/>.</summary>
    public PluginHost(PluginHostSettings settings, IEventLog events, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _logger = loggerFactory.CreateLogger<PluginHost>();
        _metrics = new(() => Plugins);
        _runtime = new(settings, _registry, new(events, timeProvider), _metrics, loggerFactory, timeProvider);
        _directories = [.. settings.Options.Directories.Select(directory => Path.GetFullPath(directory, settings.ConfigDirectory))];
    }

    /// <summary>The drivers and sources of the plugins that work.</summary>
    public IDriverRegistry Registry => _registry;

    /// <inheritdoc/>
    public IReadOnlyList<PluginStatus> Plugins =>
        [.. Volatile.Read(ref _plugins).Values.Select(plugin => plugin.Status).Concat(_shadowed).OrderBy(plugin => plugin.Id)];

    /// <summary>Tables of <c>host.toml</c> for which no plugin was found.</summary>
    public IReadOnlyList<Toml.TomlError> UnclaimedTables => FindUnclaimed(_runtime.Tables);

    /// <summary>
    /// What is wrong with the plugins' tables of a <c>host.toml</c> that is not in force: tables without a plugin, options that a running one refuses.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(PluginTables tables, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var problems = FindUnclaimed(tables).Select(error => error.ToString()).ToList();
        foreach (var plugin in Volatile.Read(ref _plugins).Values)
        {
            if (await plugin.FindProblemAsync(tables, cancellationToken) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    /// <summary>
    /// Loads the plugins that are there, at once, and then, where the settings say so, watches for new, changed and removed ones. A plugin
    /// that fails is Failed.
    /// </summary>
    /// <param name="first">
    /// The plugins to load, beside those that have a table: the others are put off until <see cref="CompleteAsync"/>. <c>null</c> for all.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The cache directory cannot be made.</exception>
    public async Task StartAsync(IReadOnlySet<PluginId>? first, CancellationToken cancellationToken)
    {
        _metrics.Announce();
        _runtime.Packages.Open();
        _first = first;
        _ = await ScanAsync(LoadCause.Start, cancellationToken);
        _rest = first is null ? Task.CompletedTask : null;
        _runtime.IsStarted = first is null;
        _registry.OnComplete(LoadRestAsync);
        if (_runtime.Settings.Options.Watch)
        {
            _epoll = new("dhcphost-plugins");
            _watches = new(_epoll, Quiet, _runtime.TimeProvider, LogNotWatched);
            _watches.Follow(WatchedDirectories());
            _loop = Task.Run(WatchAsync, CancellationToken.None);
        }
    }

    /// <summary>Loads what the start put off; returns when all that was there is loaded or Failed. At once where nothing was put off.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _registry.CompleteAsync(cancellationToken);
        _runtime.IsStarted = true;
    }

    /// <summary>
    /// Loads all plugins that are there and checks their options, but starts none: instead of <see cref="StartAsync"/>, for a look before a
    /// real start.
    /// </summary>
    public async Task<PluginCheckReport> CheckAsync(CancellationToken cancellationToken)
    {
        _runtime.Packages.Open();
        var folders = PluginFolders.Find(_directories);
        Warn(folders);
        var check = new PluginCheck(_runtime);
        var found = await Task.WhenAll(folders.Found.Select(plugin => check.RunAsync(plugin.Key, plugin.Value, cancellationToken)));
        var errors = _runtime.Tables.FindUnclaimed([.. found.SelectMany(plugin => Claims(plugin.Status.Id, plugin.Kind))])
            .Concat(found.SelectMany(plugin => plugin.OptionErrors));
        return new(
            [.. found.Select(plugin => plugin.Status).Concat(_shadowed).OrderBy(plugin => plugin.Id)],
            [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)],
            [.. found.Select(plugin => plugin.Problem).OfType<string>(), .. _shadowed.Select(plugin => $"plugin {plugin.Id}: {plugin.Message}")]);
    }

    /// <inheritdoc/>
    public async Task<bool> ReloadAsync(PluginId id, CancellationToken cancellationToken)
    {
        if (!Volatile.Read(ref _plugins).TryGetValue(id, out var plugin))
        {
            return false;
        }

        await plugin.LoadAsync(LoadCause.Forced, PluginFolders.Signature(plugin.Folder), Task.CompletedTask, cancellationToken);
        return true;
    }

    /// <summary>Looks for new, changed and removed folders now, and returns when what was found is loaded, swapped or refused.</summary>
    public async Task RescanAsync(CancellationToken cancellationToken) => _ = await ScanAsync(LoadCause.Changed, cancellationToken);

    /// <summary>
    /// Gives plugins the options of a <c>host.toml</c> that was read anew: those whose table changed are swapped like for a new version;
    /// the others are not touched.
    /// </summary>
    /// <param name="tables">All plugins' tables.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReconfigureAsync(PluginTables tables, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _runtime.Tables = tables;
        foreach (var plugin in Volatile.Read(ref _plugins).Values)
        {
            await plugin.LoadAsync(LoadCause.Changed, PluginFolders.Signature(plugin.Folder), Task.CompletedTask, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _watches?.Dispose();
        _epoll?.Dispose();
        await _scan.WaitAsync(CancellationToken.None);
        await Task.WhenAll(_plugins.Values.Select(plugin => plugin.DisposeAsync().AsTask()));
        _runtime.Packages.Dispose();
        _metrics.Dispose();
        _scan.Dispose();
        _stop.Dispose();
    }

    private IReadOnlyList<Toml.TomlError> FindUnclaimed(PluginTables tables) => tables.FindUnclaimed(
        [.. Volatile.Read(ref _plugins).Values.SelectMany(plugin => Claims(plugin.Id, plugin.Kind))]);

    /// <summary>A plugin that failed may not say its kind: it has a claim to both.</summary>
    private static (PluginKind Kind, PluginId Id)[] Claims(PluginId id, PluginKind? kind) =>
        kind is { } known ? [(known, id)] : [(PluginKind.Driver, id), (PluginKind.Source, id)];

    private Task LoadRestAsync()
    {
        lock (_restLock)
        {
            Volatile.Write(ref _first, null);
            return _rest ??= Task.Run(ScanRestAsync, CancellationToken.None);
        }
    }

    private async Task ScanRestAsync()
    {
        try
        {
            _ = await ScanAsync(LoadCause.Start, _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing of this is the end of a host that serves: the directories are looked at again, as ever.
            LogScanFailed(exception);
        }
    }

    private async Task WatchAsync()
    {
        var again = false;
        while (true)
        {
            try
            {
                var interval = _runtime.Settings.Options.RescanInterval;
                await _watches!.WaitAsync(again && RemovalGrace < interval ? RemovalGrace : interval, _stop.Token);
                again = await ScanAsync(LoadCause.Changed, _stop.Token);
                _watches.Follow(WatchedDirectories());
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The loop outlives whatever went wrong in one round: without it no plugin would ever be swapped again. It looks again in a moment.
                again = true;
                LogScanFailed(exception);
            }
        }
    }

    /// <returns>Whether something is to be looked at again soon.</returns>
    private async Task<bool> ScanAsync(LoadCause cause, CancellationToken cancellationToken)
    {
        await _scan.WaitAsync(cancellationToken);
        try
        {
            var folders = PluginFolders.Find(_directories);
            Warn(folders);
            var again = await RemoveGoneAsync(folders, cancellationToken);
            var before = Task.CompletedTask;
            var loads = new List<Task>();
            foreach (var (id, folder) in folders.Found)
            {
                var plugin = _plugins.GetValueOrDefault(id) ?? Add(id, folder);
                var signature = PluginFolders.Signature(folder);
                if (plugin.SeenSignature == signature && plugin.Folder == folder)
                {
                    continue;
                }

                if (Volatile.Read(ref _first) is { } first && !first.Contains(id) && !_runtime.Tables.HasAny(id))
                {
                    plugin.PutOff();
                    continue;
                }

                plugin.Folder = folder;
                before = plugin.LoadAsync(cause, signature, before, cancellationToken);
                loads.Add(before);
            }

            await Task.WhenAll(loads);
            return again;
        }
        finally
        {
            _ = _scan.Release();
        }
    }

    private PluginSupervisor Add(PluginId id, string folder)
    {
        var plugin = new PluginSupervisor(id, folder, _runtime);
        Volatile.Write(ref _plugins, _plugins.Add(id, plugin));
        return plugin;
    }

    /// <summary>Ends plugins whose folder has been gone for a moment: while it is being replaced, it is gone for less.</summary>
    private async Task<bool> RemoveGoneAsync(PluginFolders folders, CancellationToken cancellationToken)
    {
        foreach (var back in _missingSince.Keys.Where(folders.Found.ContainsKey).ToList())
        {
            _ = _missingSince.Remove(back);
        }

        var isWaiting = false;
        foreach (var (id, plugin) in _plugins)
        {
            if (folders.Found.ContainsKey(id) || folders.Missing.Any(directory => Path.GetDirectoryName(plugin.Folder) == directory))
            {
                continue;
            }

            if (!_missingSince.TryGetValue(id, out var since))
            {
                _missingSince.Add(id, _runtime.TimeProvider.GetTimestamp());
                isWaiting = true;
            }
            else if (_runtime.TimeProvider.GetElapsedTime(since) < RemovalGrace)
            {
                isWaiting = true;
            }
            else
            {
                _ = _missingSince.Remove(id);
                await plugin.RemoveAsync(cancellationToken);
                Volatile.Write(ref _plugins, _plugins.Remove(id));
                await plugin.DisposeAsync();
            }
        }

        return isWaiting;
    }

    private void Warn(PluginFolders folders)
    {
        var shadowed = folders.Shadowed.Select(
            folder => (folder.Id, folder.Folder, Message: $"{folder.First} has this id already; remove one of the two folders"));
        var since = _runtime.TimeProvider.GetUtcNow();
        _shadowed = [.. shadowed.Select(folder => new PluginStatus
        {
            Id = folder.Id,
            Directory = folder.Folder,
            State = PluginState.Failed,
            Since = _shadowed.FirstOrDefault(known => known.Directory == folder.Folder)?.Since ?? since,
            Message = folder.Message,
        })];
        var problems = folders.Missing.Select(directory => $"The plugin directory {directory} is not there; make it, or take it out of [plugins] directories.")
            .Concat(folders.Misnamed.Select(folder =>
                $"{folder} is not loaded: its name is no plugin id (1 to 64 letters, digits, '.', '_' or '-'), or there are more than "
                    + $"{Packages.PackageLimits.Plugins} plugins."))
            .Concat(shadowed.Select(folder => $"{folder.Folder} is not loaded: {folder.Message}."))
            .ToImmutableHashSet();
        foreach (var problem in problems.Except(_warned))
        {
            _runtime.Events.RecordProblem(problem, EventSeverity.Warning);
        }

        _warned = problems;
    }

    private HashSet<string> WatchedDirectories() =>
        [.. _directories.Concat(
            Volatile.Read(ref _plugins).Values.Select(plugin => PluginFolders.TryResolve(plugin.Folder)).OfType<string>()).Where(Directory.Exists)];

    [LoggerMessage(3030, LogLevel.Warning, "{Directory} is not watched, and is only looked at now and then: {Reason}")]
    private partial void LogNotWatched(string directory, string reason);

    [LoggerMessage(3041, LogLevel.Error, "The plugin directories could not be looked at; they will be in a moment")]
    private partial void LogScanFailed(Exception exception);
}
