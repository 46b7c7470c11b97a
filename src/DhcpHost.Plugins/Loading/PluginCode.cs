using System.Reflection;
using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugins.Checks;
using DhcpHost.Plugins.Packages;
using DhcpHost.Toml;
using McMaster.NETCore.Plugins;

namespace DhcpHost.Plugins.Loading;

/// <summary>
/// One version of a plugin in memory: its load context, its entry and what it offers. After <see cref="Unload"/> nothing here refers to it
/// any more.
/// </summary>
/// <param name="threadFailures">Told of exceptions that no code of the plugin caught on a thread of its own.</param>
internal sealed class PluginCode(ThreadFailures threadFailures)
{
    private PluginLoader? _loader;
    private IPlugin? _plugin;

    public IReadOnlyList<OfferedDriver> Drivers { get; private set; } = [];

    public IReadOnlyList<INetworkSource> Sources { get; private set; } = [];

    /// <summary>Loads, constructs and starts it. Runs code of the plugin.</summary>
    /// <exception cref="PluginLoadException">It is not made as a plugin is.</exception>
    public async Task<bool> StartAsync(PluginPackage package, TomlTableView options, IPluginContext context, CancellationToken cancellationToken)
    {
        // No source is replaced while the host runs. Code that may be unloaded is compiled as slowly and thoroughly as can be, each method at its first call.
        Construct(package, isUnloadable: package.Manifest.Kind != PluginKind.Source);
        var bound = BindOptions(options);
        var contents = await _plugin!.StartAsync(context, bound, cancellationToken);
        (Drivers, Sources) = OfferReader.Read(contents, package.Manifest.Kind);
        return true;
    }

    /// <summary>Loads it and checks its options, but does not start it. Runs code of the plugin.</summary>
    /// <exception cref="PluginLoadException">It is not made as a plugin is, or its options are wrong.</exception>
    public Task<bool> CheckAsync(PluginPackage package, TomlTableView options)
    {
        Construct(package, isUnloadable: true);
        _ = BindOptions(options);
        return Task.FromResult(true);
    }

    /// <summary>Loads it, but does not start it, for questions that it answers as it is. Runs code of the plugin.</summary>
    /// <returns>Its face for them; <c>null</c> where it has none.</returns>
    /// <exception cref="PluginLoadException">It is not made as a plugin is.</exception>
    public IRenderingPlugin? LoadRenderer(PluginPackage package)
    {
        Construct(package, isUnloadable: true);
        return _plugin as IRenderingPlugin;
    }

    /// <summary>Binds a table to the options of a plugin that is loaded. Runs code of the plugin.</summary>
    /// <exception cref="PluginLoadException">They are wrong.</exception>
    public object Bind(TomlTableView options) => BindOptions(options);

    /// <summary>Ends the plugin, also one whose start failed. Runs code of the plugin.</summary>
    public async Task<bool> EndAsync()
    {
        var plugin = _plugin;
        _plugin = null;
        if (plugin is null)
        {
            return false;
        }

        await plugin.DisposeAsync();
        return true;
    }

    /// <summary>Lets go of the code and asks the runtime to unload it, where it can be.</summary>
    /// <returns>Tells, one day, whether it went; <c>null</c> where nothing was loaded, or what cannot be unloaded.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference? Unload()
    {
        _plugin = null;
        Drivers = [];
        Sources = [];
        if (_loader is not { } loader)
        {
            return null;
        }

        _loader = null;
        var context = loader.LoadContext.IsCollectible ? new WeakReference(loader.LoadContext) : null;
        loader.Dispose();
        return context;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Construct(PluginPackage package, bool isUnloadable)
    {
        _loader = PluginLoader.CreateFromAssemblyFile(package.AssemblyPath, isUnloadable, SharedContract.Types, config =>
        {
            config.EnableHotReload = false;
            foreach (var library in package.HostLibraries)
            {
                config.SharedAssemblies.Add(library);
            }
        });
        UnhandledExceptionGuard.Protect(_loader.LoadContext, threadFailures.Tell);
        var entries = _loader.LoadDefaultAssembly().GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.IsAssignableTo(typeof(IPlugin)))
            .ToList();
        if (entries.Count != 1)
        {
            throw new PluginLoadException(entries.Count == 0
                ? $"{package.Manifest.Assembly} holds no public class that is an IPlugin"
                : $"{package.Manifest.Assembly} holds {entries.Count} public classes that are IPlugins "
                    + $"({string.Join(", ", entries.Select(type => type.Name))}); leave one of them public");
        }

        if (entries[0].GetConstructor(BindingFlags.Public | BindingFlags.Instance, []) is null)
        {
            throw new PluginLoadException($"{entries[0].FullName} has no public constructor without parameters");
        }

        _plugin = (IPlugin)Activator.CreateInstance(entries[0])!;
    }

    private object BindOptions(TomlTableView options)
    {
        var type = _plugin!.OptionsType ?? throw new PluginLoadException("its OptionsType is null");
        if (type.IsAbstract || type.ContainsGenericParameters || type.GetConstructor([]) is null)
        {
            throw new PluginLoadException($"its options type {type.FullName} is no class with a public constructor without parameters");
        }

        var bound = TomlBinder.Bind(type, options);
        return bound.Value ?? throw new PluginLoadException(bound.Errors);
    }
}
