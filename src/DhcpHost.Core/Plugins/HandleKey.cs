using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Plugins;

/// <summary>What a handle is kept under: what it is for, and the driver that made it.</summary>
/// <param name="Server">What it is for.</param>
/// <param name="Kind">The kind of driver.</param>
/// <param name="DriverId">The driver.</param>
public readonly record struct HandleKey(ServerKey Server, DriverKind Kind, DriverId DriverId);
