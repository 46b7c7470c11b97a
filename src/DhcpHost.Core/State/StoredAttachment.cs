using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.State;

/// <summary>The host's own place on a network or a segment.</summary>
/// <param name="SegmentId">The segment; <c>null</c> where the network has just one.</param>
/// <param name="HostPort">The host's own port, as the source gave it; <c>null</c> from when it is asked for: a host that dies then knows that it may
/// have to give one back.</param>
/// <param name="Interface">The interface, once it was made.</param>
public sealed record StoredAttachment(SegmentId? SegmentId, Port? HostPort, InterfaceBinding? Interface);
