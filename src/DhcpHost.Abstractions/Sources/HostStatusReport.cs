using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>How the host is, in numbers.</summary>
/// <param name="StartedAt">When the host was started.</param>
/// <param name="Networks">Networks that it serves.</param>
/// <param name="Subnets">Their subnets.</param>
/// <param name="Ports">Their ports.</param>
/// <param name="DhcpDriver">The driver that most of them use.</param>
public sealed record HostStatusReport(DateTimeOffset StartedAt, int Networks, int Subnets, int Ports, DriverId? DhcpDriver);
