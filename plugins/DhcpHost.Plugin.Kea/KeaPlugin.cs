using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Server;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Kea;

/// <summary>The driver <c>kea</c>.</summary>
public sealed class KeaPlugin : IRenderingPlugin
{
    private const string DefaultDirectory = "servers";

    private KeaDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(KeaOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var typed = (KeaOptions)options;
        var root = typed.StateDirectory.Length > 0
            ? Path.GetFullPath(typed.StateDirectory, context.ConfigDirectory)
            : Path.Combine(context.StateDirectory, DefaultDirectory);
        var version = typeof(KeaPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        _driver = new(typed, Path.TrimEndingDirectorySeparator(root), version, context.TimeProvider, context.LoggerFactory.CreateLogger<KeaPlugin>());
        return ValueTask.FromResult(new PluginContents { DhcpDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public RenderedServer Render(DhcpPlan plan, object options, string directory)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var paths = new KeaPaths(directory, Path.Combine(((KeaOptions)options).RuntimeDirectory, KeaPaths.ShortName(directory)));
        var written = new ConfigurationWriter(plan, (KeaOptions)options, paths, leaseCommands: null).Write();
        var files = new List<RenderedFile>();
        var commands = new List<string>();
        foreach (var family in KeaFamily.All)
        {
            if (written.Of(family) is { } text)
            {
                files.Add(new(Path.GetFileName(paths.Config(family)), text));
                commands.AddRange([.. commands.Count > 0 ? ["&"] : Array.Empty<string>(), family.Program, "-c", paths.Config(family)]);
            }
        }

        return new() { Arguments = commands.ToEquatableArray(), Files = files.ToEquatableArray(), Refusals = written.Refusals };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _driver?.Dispose();
        return ValueTask.CompletedTask;
    }
}
