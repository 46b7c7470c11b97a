using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>Ports that are served from now on.</summary>
/// <param name="NetworkId">Their network.</param>
/// <param name="PortIds">The ports.</param>
/// <param name="IsLive">Somebody waits for them: they go before those of a resync.</param>
public sealed record ReadyPortsReport(NetworkId NetworkId, EquatableArray<PortId> PortIds, bool IsLive);
