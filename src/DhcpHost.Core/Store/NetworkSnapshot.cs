using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Store;

/// <summary>A network as its source last told it.</summary>
/// <param name="Network">The network, whole.</param>
/// <param name="Source">The source that tells of it.</param>
/// <param name="Version">The store's own count of changes when it took this in: rises with every change of any network.</param>
public sealed record NetworkSnapshot(Network Network, PluginId Source, long Version);
