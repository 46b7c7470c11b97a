using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>A part of a network that gets a server of its own.</summary>
/// <param name="Key">What its interface, server and proxy are for.</param>
/// <param name="Segment">The segment, where the source knows it.</param>
/// <param name="Network">The network with this part's subnets alone.</param>
internal sealed record NetworkSegment(ServerKey Key, Segment? Segment, Network Network);
