using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>Something that changed at a source. It is news of a state, never an instruction.</summary>
public abstract record SourceEvent
{
    private SourceEvent()
    {
    }

    /// <summary>A network is new or changed.</summary>
    public sealed record NetworkChanged : SourceEvent
    {
        /// <summary>Which one.</summary>
        public required NetworkId NetworkId { get; init; }

        /// <summary>The network as it is now, where the source knows; otherwise the host asks <see cref="INetworkSource.GetAsync"/>.</summary>
        public Network? Snapshot { get; init; }

        /// <summary>How much somebody waits for it: 0 for any live change, above for ports that somebody waits for, below for bulk.</summary>
        public int Priority { get; init; }

        /// <summary>Ports whose service somebody waits for: reported ready as soon as they are served.</summary>
        public EquatableArray<PortId> AwaitedPorts { get; init; }
    }

    /// <summary>A network is gone.</summary>
    /// <param name="NetworkId">Which one.</param>
    public sealed record NetworkRemoved(NetworkId NetworkId) : SourceEvent;

    /// <summary>The source does not know what was missed: the host lists all again, within its budget.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record ResyncNeeded(string Reason) : SourceEvent;

    /// <summary>The source's health, and what it cannot read; told at the start of every watch and whenever it changes.</summary>
    /// <param name="Health">The health now.</param>
    public sealed record HealthChanged(SourceHealth Health) : SourceEvent;
}
