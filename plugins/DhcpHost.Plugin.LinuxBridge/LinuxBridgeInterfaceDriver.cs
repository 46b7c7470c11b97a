using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.LinuxBridge;

/// <summary>
/// Neutron's <c>BridgeInterfaceDriver</c> (<c>neutron/agent/linux/interface.py</c>, up to 2024.2): the names and the wiring are the same, so that
/// either takes over from the other without touching what is there.
/// </summary>
internal sealed class LinuxBridgeInterfaceDriver(IPluginContext context, LinuxBridgeOptions options, NetnsBroker broker)
    : InterfaceDriver(new DriverId("linuxbridge"), context, new LinuxBridgePlug(options), broker, options.DetectDuplicateAddresses);
