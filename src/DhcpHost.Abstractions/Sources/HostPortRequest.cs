using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>The host's wish for a port of its own on a network.</summary>
/// <param name="Network">The network as the host knows it, with the subnets of the segment alone.</param>
/// <param name="SegmentId">The segment, where the network has several.</param>
/// <param name="SubnetIds">The subnets that it needs an address on.</param>
public sealed record HostPortRequest(Network Network, SegmentId? SegmentId, EquatableArray<SubnetId> SubnetIds);
