using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a server, an interface or a metadata proxy is for: a network, or one segment of a routed provider network.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="SegmentId">The segment; <c>null</c> where the network has just one.</param>
public readonly record struct ServerKey(NetworkId NetworkId, SegmentId? SegmentId = null)
{
    /// <summary><c>network</c>, or <c>segment/network</c>: also the path of its directory below a driver's (as in Neutron).</summary>
    public override string ToString() => SegmentId is { } segment ? $"{segment}/{NetworkId}" : NetworkId.Value;
}
