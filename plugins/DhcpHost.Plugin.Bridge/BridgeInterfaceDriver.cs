using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.Bridge;

/// <summary>A namespace for each network, with one end of a veth pair in it and the other one in a Linux bridge.</summary>
internal sealed class BridgeInterfaceDriver(IPluginContext context, BridgeOptions options, NetnsBroker broker)
    : InterfaceDriver(new DriverId("bridge"), context, new BridgePlug(options), broker, options.DetectDuplicateAddresses);
