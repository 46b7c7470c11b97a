using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Core.Plugins;

/// <summary>Something that a driver noticed.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Event">What it noticed.</param>
public sealed record DriverNotice(RegisteredDriver Driver, DriverEvent Event);
