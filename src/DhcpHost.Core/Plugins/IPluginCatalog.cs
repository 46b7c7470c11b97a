using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Plugins;

/// <summary>All plugins, loaded or failed, for people.</summary>
public interface IPluginCatalog
{
    /// <summary>How they are now.</summary>
    IReadOnlyList<PluginStatus> Plugins { get; }

    /// <summary>Reads a plugin's folder anew, even if nothing changed. False where there is no such plugin.</summary>
    Task<bool> ReloadAsync(PluginId id, CancellationToken cancellationToken);
}
