using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Loading;

/// <summary>A driver that a plugin offers, with the facts that it told once, at its start.</summary>
internal sealed record OfferedDriver(DriverKind Kind, DriverInfo Info, DriverCapabilities Capabilities, INetworkDriver Driver);
