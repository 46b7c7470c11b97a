using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>Where a message came from.</summary>
internal readonly ref struct V6Peer
{
    /// <summary>The client's MAC address, where it can be known.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>An address of the client's link as its relay agent tells it; empty for this one.</summary>
    public ReadOnlySpan<byte> Link { get; init; }

    /// <summary>A relay agent carried it.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>It was sent to a multicast address, or through a relay agent.</summary>
    public bool IsMulticast { get; init; }
}
