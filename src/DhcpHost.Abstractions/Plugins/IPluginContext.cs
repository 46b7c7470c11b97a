using DhcpHost.Abstractions.Networks;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Abstractions.Plugins;

/// <summary>What the host gives a plugin.</summary>
public interface IPluginContext
{
    /// <summary>The plugin's id.</summary>
    PluginId Id { get; }

    /// <summary>This host's name, as sources know it.</summary>
    string HostName { get; }

    /// <summary>
    /// A directory of its own (0711: servers of other accounts pass to their files) that lasts: configuration and leases of servers.
    /// </summary>
    string StateDirectory { get; }

    /// <summary>The directory that holds <c>host.toml</c>: relative paths in options start there.</summary>
    string ConfigDirectory { get; }

    /// <summary>Time.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Logs.</summary>
    ILoggerFactory LoggerFactory { get; }
}
