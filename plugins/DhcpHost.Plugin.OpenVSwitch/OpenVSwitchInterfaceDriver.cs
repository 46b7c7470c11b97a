using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>Neutron's <c>OVSInterfaceDriver</c> (<c>neutron/agent/linux/interface.py</c>): the names, the rows in OVSDB and the wiring are the same.</summary>
internal sealed class OpenVSwitchInterfaceDriver : InterfaceDriver
{
    private readonly OvsdbClient _ovsdb;

    public OpenVSwitchInterfaceDriver(IPluginContext context, OpenVSwitchOptions options, NetnsBroker broker)
        : this(context, options, broker, options.CreateClient(context.TimeProvider))
    {
    }

    private OpenVSwitchInterfaceDriver(IPluginContext context, OpenVSwitchOptions options, NetnsBroker broker, OvsdbClient ovsdb)
        : base(new DriverId("openvswitch"), context, new OpenVSwitchPlug(options, ovsdb, context.TimeProvider), broker, options.DetectDuplicateAddresses) =>
        _ovsdb = ovsdb;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _ovsdb.Dispose();
    }
}
