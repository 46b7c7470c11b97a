using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Plugin.Dnsmasq.Server;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Dnsmasq;

/// <summary>The driver <c>dnsmasq</c>.</summary>
public sealed class DnsmasqPlugin : IRenderingPlugin
{
    private const string DefaultDirectory = "servers";

    private DnsmasqDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(DnsmasqOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var typed = (DnsmasqOptions)options;
        typed.ConfigFile = Resolve(context, typed.ConfigFile);
        typed.LogDirectory = Resolve(context, typed.LogDirectory);
        var root = typed.StateDirectory.Length > 0 ? Resolve(context, typed.StateDirectory) : Path.Combine(context.StateDirectory, DefaultDirectory);
        var version = typeof(DnsmasqPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        _driver = new(typed, Path.TrimEndingDirectorySeparator(root), version, context.TimeProvider, context.LoggerFactory.CreateLogger<DnsmasqPlugin>());
        return ValueTask.FromResult(new PluginContents { DhcpDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public RenderedServer Render(DhcpPlan plan, object options, string directory)
    {
        var writer = new ConfigurationWriter(plan, (DnsmasqOptions)options);
        var paths = new ServerPaths(directory);
        var written = writer.Write(paths);
        return new()
        {
            Arguments = written.Arguments.ToEquatableArray(),
            Files =
            [
                new(Path.GetFileName(paths.Hosts), written.Hosts),
                new(Path.GetFileName(paths.AddnHosts), written.AddnHosts),
                new(Path.GetFileName(paths.Opts), written.Opts),
                new(Path.GetFileName(paths.Leases), writer.WriteLeases(existing: null)),
            ],
            Refusals = written.Refusals,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _driver?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Resolve(IPluginContext context, string path) => path.Length == 0 ? "" : Path.GetFullPath(path, context.ConfigDirectory);
}
