using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Sources;

/// <summary>
/// What a watcher tells the engine. Called by one task at a time for a source, except <see cref="ListFailed"/> and
/// <see cref="HealthChanged"/>.
/// </summary>
internal interface ISourceNews
{
    /// <summary>A network changed in the store, or has to be asked for.</summary>
    void Changed(SourceWatcher watcher, NetworkId id, int priority, EquatableArray<PortId> awaitedPorts);

    /// <summary>A network left the store.</summary>
    void Removed(SourceWatcher watcher, NetworkId id);

    /// <summary>Two sources tell of one network; the news of this one was refused.</summary>
    void Claimed(SourceWatcher watcher, NetworkId id);

    /// <summary>A full list was taken in.</summary>
    void Listed(SourceWatcher watcher, ListResult result, bool isFirst);

    /// <summary>The source could not be read.</summary>
    void ListFailed(SourceWatcher watcher, string message, TimeSpan retryAfter);

    /// <summary>The source's health changed.</summary>
    void HealthChanged(SourceWatcher watcher);
}
