using DhcpHost.Configuration;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.State;
using DhcpHost.Plugins;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Hosting;

/// <summary>
/// What plugins say to their tables of a <c>host.toml</c> that is wrong elsewhere, so that all errors are told at once. They are loaded, and none is started.
/// </summary>
internal static class RefusedConfigCheck
{
    public static async Task<CheckReport> RunAsync(RefusedConfig refused, PluginsOptions plugins, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("dhcphost-").FullName;
        try
        {
            plugins.Watch = false;
            var settings = new PluginHostSettings
            {
                Options = plugins,
                Tables = PluginTables.Of(refused.Document),
                ConfigDirectory = refused.Directory,
                StateDirectory = Path.Combine(scratch, "state"),
                CacheDirectory = Path.Combine(scratch, "plugins"),
                HostName = Environment.MachineName,
            };
            return await RunAsync(refused, settings, scratch, cancellationToken);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<CheckReport> RunAsync(RefusedConfig refused, PluginHostSettings settings, string scratch, CancellationToken cancellationToken)
    {
        using var metrics = new EngineMetrics();
        var state = new StateStore(scratch, () => new LimitsOptions(), TimeProvider.System, NullLogger<StateStore>.Instance);
        var events = new EventLog(state, metrics, TimeProvider.System, NullLogger<EventLog>.Instance);
        await using var host = new PluginHost(settings, events, NullLoggerFactory.Instance, TimeProvider.System);
        var found = await host.CheckAsync(cancellationToken);
        var errors = refused.Errors.Concat(found.TableErrors).OrderBy(error => error.Line).ThenBy(error => error.Column);
        return new()
        {
            Problems = [.. errors.Select(error => error.ToString()), .. found.Problems],
            Plugins = found.Plugins,
            ExitCode = ExitCodes.Config,
        };
    }
}
