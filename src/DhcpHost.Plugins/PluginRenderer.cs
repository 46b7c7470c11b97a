using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugins.Loading;
using DhcpHost.Plugins.Packages;
using DhcpHost.Plugins.Supervision;

namespace DhcpHost.Plugins;

/// <summary>A plugin that is asked what its DHCP driver would write. It is checked and loaded like any other, but never started.</summary>
public sealed class PluginRenderer : IAsyncDisposable
{
    private readonly PackageReader _packages;
    private readonly PluginCode _code;
    private readonly PluginPackage _package;
    private readonly PluginId _id;
    private IRenderingPlugin? _plugin;

    private PluginRenderer(PluginId id, PackageReader packages, PluginPackage package, PluginCode code, IRenderingPlugin plugin)
    {
        _id = id;
        _packages = packages;
        _package = package;
        _code = code;
        _plugin = plugin;
    }

    /// <summary>Finds and loads a plugin.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="options">The table <c>[plugins]</c>; relative directories in it start at <paramref name="configDirectory"/>.</param>
    /// <param name="configDirectory">The directory of <c>host.toml</c>.</param>
    /// <param name="cacheDirectory">Where a copy of its files is kept meanwhile.</param>
    /// <exception cref="PluginLoadException">There is none, it is refused, or it cannot do this.</exception>
    public static PluginRenderer Open(PluginId id, PluginsOptions options, string configDirectory, string cacheDirectory)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directories = options.Directories.Select(directory => Path.GetFullPath(directory, configDirectory)).ToList();
        if (!PluginFolders.Find(directories).Found.TryGetValue(id, out var folder))
        {
            throw new PluginLoadException($"there is no plugin '{id}' in {string.Join(", ", directories)}");
        }

        var packages = new PackageReader(options, cacheDirectory);
        var code = new PluginCode(new((_, _) => { }));
        PluginPackage? package = null;
        try
        {
            packages.Open();
            package = packages.Read(folder);
            var plugin = code.LoadRenderer(package)
                ?? throw new PluginLoadException($"the plugin '{id}' does not say what it would write (it is no {nameof(IRenderingPlugin)})");
            return new(id, packages, package, code, plugin);
        }
        catch
        {
            _ = code.Unload();
            package?.Delete();
            packages.Dispose();
            throw;
        }
    }

    /// <summary>Reads the plugin's options from a whole <c>host.toml</c>.</summary>
    /// <returns>What <see cref="Render"/> takes.</returns>
    /// <exception cref="PluginLoadException">They are wrong.</exception>
    public object Bind(PluginTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return _code.Bind(tables.View(PluginKind.Driver, _id));
    }

    /// <summary>Asks the plugin.</summary>
    /// <param name="plan">What is wished for.</param>
    /// <param name="options">What <see cref="Bind"/> gave.</param>
    /// <param name="directory">Stands for the server's directory.</param>
    /// <exception cref="DhcpHostException">Nothing of the plan can be served, or the plugin failed.</exception>
    public RenderedServer Render(DhcpPlan plan, object options, string directory)
    {
        ObjectDisposedException.ThrowIf(_plugin is null, this);
        try
        {
            return _plugin.Render(plan, options, directory);
        }
        catch (Exception exception) when (exception is not DhcpHostException)
        {
            // The boundary to the plugin: one network that it cannot take is no reason to give up the others.
            throw new DhcpHostException(FailureKind.Bug, PluginFailure.From(exception, "while it rendered").Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _plugin = null;
        _ = await _code.EndAsync();
        _ = _code.Unload();
        _package.Delete();
        _packages.Dispose();
    }
}
