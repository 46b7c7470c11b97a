using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Plugins.Packages;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Supervision;

/// <summary>Owns one plugin's life: loads it, replaces it by newer versions, and ends it. One thing at a time.</summary>
internal sealed partial class PluginSupervisor : IAsyncDisposable
{
    private readonly PluginRuntime _runtime;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private PluginVersion? _current;

    public PluginSupervisor(PluginId id, string folder, PluginRuntime runtime)
    {
        Id = id;
        Folder = folder;
        _runtime = runtime;
        _logger = runtime.LoggerFactory.CreateLogger<PluginSupervisor>();
        _unloads = new(runtime.TimeProvider);
        _status = new() { Id = id, Directory = folder, State = PluginState.Discovered, Since = runtime.TimeProvider.GetUtcNow() };
    }

    public PluginId Id { get; }

    /// <summary>Where it is.</summary>
    public string Folder { get; set; }

    /// <summary>What it is for; <c>null</c> while its manifest could not be read.</summary>
    public PluginKind? Kind { get; private set; }

    /// <summary>How the folder looked when it was read last; <c>null</c> where another try may help.</summary>
    public string? SeenSignature { get; private set; }

    /// <summary>Reads the folder, and loads what is in it unless that is what runs.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="signature">How the folder looks now.</param>
    /// <param name="before">Ends when this plugin may offer its drivers: at the start of the host plugins are loaded at once, but come
    /// in by order of their ids.</param>
    /// <param name="cancellationToken">Gives up; what ran runs on.</param>
    public async Task LoadAsync(LoadCause cause, string? signature, Task before, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        await _turn.WaitAsync(either.Token);
        try
        {
            SeenSignature = signature;
            var next = await PrepareAsync(cause, either.Token);
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next is not null)
            {
                await CommitAsync(next, either.Token);
            }
        }
        catch (PluginLoadException exception)
        {
            SeenSignature = exception.IsPassing ? null : SeenSignature;
            Refuse(exception);
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>
    /// Why the version that runs could not have the options of other tables; <c>null</c> where it could, where they are its own, and where none runs.
    /// </summary>
    public async Task<string?> FindProblemAsync(PluginTables tables, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _current is { } current ? await current.FindProblemAsync(tables, cancellationToken) : null;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>Ends it, for its folder is gone.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await EndCurrentAsync("its folder was removed");
            _runtime.Events.Record(PluginEvents.Removed, EventSeverity.Warning, Id, $"Plugin '{Id}' was ended: its folder {Folder} is gone.");
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None);
        await EndCurrentAsync("the host is stopping");
        await ObservedAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task<PluginVersion?> PrepareAsync(LoadCause cause, CancellationToken cancellationToken)
    {
        var package = await Task.Run(() => _runtime.Packages.Read(Folder), cancellationToken);
        var manifest = package.Manifest;
        Kind = manifest.Kind;
        if (WhyNot(cause, package) is { } reason)
        {
            package.Delete();
            SetNote(manifest, reason.Length == 0 ? null : reason);
            return null;
        }

        if (_current is null)
        {
            SetStarting(package);
        }

        var next = await PluginVersion.StartAsync(package, _runtime, isFirst: _current is null, UpdateHealth, new(OnEscaped), Observe, cancellationToken);
        try
        {
            await ProbeAsync(next, cancellationToken);
            return next;
        }
        catch
        {
            _ = await next.EndAsync();
            throw;
        }
    }

    /// <summary>
    /// Why a package is not loaded though nothing is wrong with it; empty where there is nothing to say; <c>null</c> where it is loaded.
    /// </summary>
    private string? WhyNot(LoadCause cause, PluginPackage package)
    {
        var (id, kind) = (package.Manifest.Id, package.Manifest.Kind);
        var isConfigured = kind == PluginKind.Driver || _runtime.Tables.Has(kind, id);
        if (_current is null)
        {
            return !isConfigured ? $"not used: add [sources.{id}] to host.toml to use it"
                    : kind == PluginKind.Source && _runtime.IsStarted
                    ? $"version {package.Manifest.Version} takes effect at the next start of the host: sources are not loaded while it runs"
                : null;
        }

        var isSame = package.ContentHash == _current.Package.ContentHash && _runtime.Tables.Text(kind, id) == _current.Options;
        return isSame && cause != LoadCause.Forced ? ""
            : kind == PluginKind.Source || _current.HasSources
                ? $"version {package.Manifest.Version} and its options in host.toml take effect at the next start of the host: "
                    + "sources are not swapped while it runs"
                : null;
    }

    private async Task EndCurrentAsync(string why)
    {
        if (_current is not { } current)
        {
            return;
        }

        _current = null;
        SetDraining(why);
        _runtime.Registry.Empty(current.Generations, why);
        _runtime.Registry.SetSources(Id, []);
        await EndVersionAsync(current);
    }

    private async Task EndVersionAsync(PluginVersion version)
    {
        if (await version.EndAsync() is { } failure)
        {
            LogEndFailed(Id, version.Package.Manifest.Version, failure.Message, failure.Trace ?? "");
        }
    }

    // What happened is told by the event; this is what the plugin's author needs beside it.
    [LoggerMessage(3002, LogLevel.Error, "Plugin {Plugin}: where it failed: {Trace}")]
    private partial void LogTrace(PluginId plugin, string trace);

    [LoggerMessage(3005, LogLevel.Warning, "Plugin {Plugin} {Version} did not end well: {Reason} {Trace}")]
    private partial void LogEndFailed(PluginId plugin, string version, string reason, string trace);

    [LoggerMessage(3007, LogLevel.Error, "Plugin {Plugin}: an exception escaped on a thread of a version that does not run any more: {Trace}")]
    private partial void LogOldEscaped(PluginId plugin, string trace);
}
