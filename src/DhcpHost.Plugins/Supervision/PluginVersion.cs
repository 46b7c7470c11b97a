using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Linux.Files;
using DhcpHost.Plugins.Loading;
using DhcpHost.Plugins.Logging;
using DhcpHost.Plugins.Packages;
using DhcpHost.Plugins.Registry;

namespace DhcpHost.Plugins.Supervision;

/// <summary>One version of a plugin that was started: its code, its drivers, who listens to them, and its end.</summary>
internal sealed class PluginVersion
{
    private readonly PluginRuntime _runtime;
    private readonly PluginCode _code;
    private readonly Action<WeakReference> _observe;
    private IReadOnlyList<DriverWatch> _watches = [];

    private PluginVersion(
        PluginPackage package, string options, PluginCode code, ThreadFailures threadFailures, PluginRuntime runtime, Action<WeakReference> observe)
    {
        ThreadFailures = threadFailures;
        Package = package;
        Options = options;
        _code = code;
        _runtime = runtime;
        _observe = observe;
        Generations = [.. code.Drivers.Select(driver => new DriverGeneration(Id, driver))];
    }

    public PluginPackage Package { get; }

    /// <summary>The options that it was started with, as text to compare.</summary>
    public string Options { get; }

    /// <summary>Exceptions that it let escape.</summary>
    public ThreadFailures ThreadFailures { get; }

    public IReadOnlyList<DriverGeneration> Generations { get; }

    public IReadOnlyList<INetworkSource> Sources => _code.Sources;

    public bool HasSources => _code.Sources.Count > 0;

    public EquatableArray<string> Offers => Generations
        .Select(generation => $"{DriverKey.Word(generation.Key.Kind)} {generation.Key.Id}")
        .Concat(_code.Sources.Select(source => $"source {source.Id}"))
        .ToEquatableArray();

    private PluginId Id => Package.Manifest.Id;

    /// <summary>Loads and starts it, and listens to its drivers.</summary>
    /// <param name="package">Its files; deleted where the start fails.</param>
    /// <param name="runtime">What it needs.</param>
    /// <param name="isFirst">Whether no other version runs: then what its drivers notice counts from the start.</param>
    /// <param name="healthChanged">Told whenever a driver of it tells its health.</param>
    /// <param name="threadFailures">Told when it lets an exception escape.</param>
    /// <param name="observe">Given the load context when it was asked to go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PluginLoadException">It failed; all that it had done is undone.</exception>
    public static async Task<PluginVersion> StartAsync(
        PluginPackage package, PluginRuntime runtime, bool isFirst, Action healthChanged, ThreadFailures threadFailures, Action<WeakReference> observe,
        CancellationToken cancellationToken)
    {
        var (id, kind) = (package.Manifest.Id, package.Manifest.Kind);
        var tables = runtime.Tables;
        var code = new PluginCode(threadFailures);
        try
        {
            var context = Context(id, runtime);
            var view = tables.View(kind, id);
            _ = await BoundedCall.RunAsync(
                $"plugin {id}", token => code.StartAsync(package, view, context, token), runtime.Settings.StartTime(), runtime.TimeProvider,
                late: () => _ = EndLateAsync(code), cancellationToken);
        }
        catch (Exception exception)
        {
            // The boundary to the plugin: whatever it throws is its failure. A plugin that hangs is not touched by a second thread.
            var failure = PluginFailure.From(exception, "while it started");
            var isLeftBehind = exception is CallTimeoutException { WasLeftBehind: true } || cancellationToken.IsCancellationRequested;
            failure = !isLeftBehind && await EndCodeAsync(code, runtime, id) is { } cleanup ? PluginFailure.Join(failure, cleanup) : failure;
            LetGo(code, package, observe);
            cancellationToken.ThrowIfCancellationRequested();
            throw failure;
        }

        var version = new PluginVersion(package, tables.Text(kind, id), code, threadFailures, runtime, observe);
        var logger = runtime.LoggerFactory.CreateLogger($"Plugin.{id}");
        version._watches = [
            .. version.Generations.Select(generation => new DriverWatch(generation, runtime.Registry, healthChanged, runtime.TimeProvider, logger))];
        foreach (var generation in version.Generations)
        {
            generation.IsLive = isFirst;
        }

        foreach (var watch in version._watches)
        {
            watch.Start();
        }

        return version;
    }

    /// <summary>Why it could not have the options of other tables; <c>null</c> where it could, and where they are the ones that it has.</summary>
    public async Task<string?> FindProblemAsync(PluginTables tables, CancellationToken cancellationToken)
    {
        var kind = Package.Manifest.Kind;
        if (tables.Text(kind, Id) == Options)
        {
            return null;
        }

        try
        {
            var view = tables.View(kind, Id);
            _ = await BoundedCall.RunAsync(
                $"plugin {Id} check", _ =>
                    Task.FromResult(_code.Bind(view)), _runtime.Settings.StartTime(), _runtime.TimeProvider, late: null, cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The boundary to the plugin: whatever it throws is what is wrong with its options.
            return PluginFailure.From(exception, "while its options were checked").Message;
        }
    }

    /// <summary>Ends it and lets its code go. Nobody may rent it any more; who still has it after the time for draining loses it.</summary>
    /// <returns>What went wrong on the way, if anything.</returns>
    public async Task<PluginLoadException?> EndAsync()
    {
        var settings = _runtime.Settings;
        foreach (var generation in Generations)
        {
            generation.IsLive = false;
        }

        await Task.WhenAll(_watches.Select(watch => watch.EndAsync(settings.EndTime)));
        var drained = Task.WhenAll(Generations.Select(generation => generation.DrainedAsync()));
        PluginLoadException? failure = null;
        try
        {
            await drained.WaitAsync(settings.Options.DrainTime, _runtime.TimeProvider);
        }
        catch (TimeoutException)
        {
            failure = new($"{Generations.Sum(generation => generation.Rents)} calls into it did not end within "
                + $"{settings.Options.DrainTime.TotalSeconds:0.###} s and lost it");
        }

        if (await EndCodeAsync(_code, _runtime, Id) is { } end)
        {
            failure = failure is null ? end : PluginFailure.Join(failure, end);
        }

        foreach (var generation in Generations)
        {
            generation.LetGo();
        }

        foreach (var watch in _watches)
        {
            watch.Dispose();
        }

        _watches = [];
        LetGo(_code, Package, _observe);
        return failure;
    }

    private static PluginContext Context(PluginId id, PluginRuntime runtime)
    {
        var state = Path.Combine(runtime.Settings.StateDirectory, id.Value);
        // Servers run as accounts of their own and have to pass to their files, each of which has its own mode.
        const UnixFileMode PassMode = PrivateDirectory.DefaultMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        _ = Directory.CreateDirectory(runtime.Settings.StateDirectory, PassMode);
        _ = PrivateDirectory.Ensure(state, PassMode);
        return new(
            id, runtime.Settings.HostName, state, runtime.Settings.ConfigDirectory, runtime.TimeProvider, new PluginLoggerFactory(runtime.LoggerFactory, id));
    }

    private static async Task<PluginLoadException?> EndCodeAsync(PluginCode code, PluginRuntime runtime, PluginId id)
    {
        try
        {
            _ = await BoundedCall.RunAsync(
                $"plugin {id} end", _ => code.EndAsync(), runtime.Settings.EndTime, runtime.TimeProvider, late: null, CancellationToken.None);
            return null;
        }
        catch (Exception exception)
        {
            // The boundary to the plugin: a failing end does not keep the rest from ending.
            return PluginFailure.From(exception, "while it ended");
        }
    }

    private static async Task EndLateAsync(PluginCode code)
    {
        try
        {
            _ = await code.EndAsync();
        }
        catch (Exception)
        {
            // The boundary to a plugin that was given up and reported long ago: there is nobody left to tell.
        }
    }

    private static void LetGo(PluginCode code, PluginPackage package, Action<WeakReference> observe)
    {
        if (code.Unload() is { } context)
        {
            observe(context);
        }

        package.Delete();
    }
}
