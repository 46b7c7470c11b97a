using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>A driver's own note of something that it runs. The host stores it and hands it back; only the driver reads <see cref="State"/>.</summary>
/// <param name="DriverId">The driver that made it.</param>
/// <param name="Server">What it is for.</param>
/// <param name="Version">The form of <paramref name="State"/>; a driver reads every version that it ever wrote.</param>
/// <param name="State">JSON text, at most 64 KiB.</param>
public sealed record DriverHandle(DriverId DriverId, ServerKey Server, int Version, string State);
