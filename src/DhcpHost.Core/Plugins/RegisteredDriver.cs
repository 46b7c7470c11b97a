using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Plugins;

/// <summary>A driver that is loaded.</summary>
/// <param name="Plugin">Its plugin.</param>
/// <param name="Kind">What it makes.</param>
/// <param name="Info">Who it is.</param>
/// <param name="Capabilities">What it can do.</param>
/// <param name="Health">Its last health; unhealthy until it told one.</param>
public sealed record RegisteredDriver(PluginId Plugin, DriverKind Kind, DriverInfo Info, DriverCapabilities Capabilities, DriverHealth Health);
