using System.Collections.Immutable;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Files.Mapping;

namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>All networks, and what cannot be read, at one moment.</summary>
/// <param name="Networks">By id.</param>
/// <param name="Health">The source's health.</param>
internal sealed record FilesSnapshot(ImmutableDictionary<NetworkId, LoadedNetwork> Networks, SourceHealth Health)
{
    public static FilesSnapshot Empty { get; } = new(
        ImmutableDictionary<NetworkId, LoadedNetwork>.Empty, new() { IsHealthy = true, Message = "its files are being read" });

    /// <summary>What a host that knows an earlier snapshot has to be told, removals first: a freed bridge or address may be wanted again.</summary>
    public IEnumerable<SourceEvent> ChangesSince(FilesSnapshot earlier)
    {
        foreach (var gone in InOrder(earlier.Networks.Values).Where(before => !Networks.ContainsKey(before.Network.Id)))
        {
            yield return new SourceEvent.NetworkRemoved(gone.Network.Id);
        }

        foreach (var loaded in InOrder(Networks.Values))
        {
            var id = loaded.Network.Id;
            var before = earlier.Networks.GetValueOrDefault(id);
            if (!ReferenceEquals(before, loaded) && loaded.Network != before?.Network)
            {
                yield return new SourceEvent.NetworkChanged { NetworkId = id, Snapshot = loaded.Network };
            }
        }

        if (Health != earlier.Health)
        {
            yield return new SourceEvent.HealthChanged(Health);
        }
    }

    // By text, which is the order of ids: a sort by ids themselves is compiled for them at each start.
    private static IOrderedEnumerable<LoadedNetwork> InOrder(IEnumerable<LoadedNetwork> networks) =>
        networks.OrderBy(loaded => loaded.Network.Id.Value, StringComparer.Ordinal);
}
