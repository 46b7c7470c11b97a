using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options of interface drivers (neutron, <c>conf/agent/common.py</c>, <c>conf/agent/ovs_conf.py</c>).</summary>
internal static class InterfaceOptions
{
    private const string Elsewhere = "Read by the layer 2 agent of this machine, which goes on doing its work.";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        Join(
            Default,
            "interface_driver",
            "openvswitch",
            "defaults.interface_driver",
            "openvswitch and linuxbridge, also by their classes' names; null and others are not offered."),
        Map(Default, "ovs_use_veth", "False", "drivers.openvswitch.ovs_use_veth", OptionValue.Flag),
        Map(
            Default,
            "ovs_integration_bridge",
            "br-int",
            "drivers.openvswitch.ovs_integration_bridge",
            OptionValue.NonEmpty,
            "The older name of [ovs] integration_bridge."),
        Map("ovs", "integration_bridge", "br-int", "drivers.openvswitch.ovs_integration_bridge", OptionValue.NonEmpty),
        Map("ovs", "ovsdb_connection", "tcp:127.0.0.1:6640", "drivers.openvswitch.ovsdb_connection", OptionValue.NonEmpty),
        Map("ovs", "ovsdb_timeout", "10", "drivers.openvswitch.ovsdb_timeout", OptionValue.SecondsWithin(1, 300)),
        Map("ovs", "ssl_key_file", "", "drivers.openvswitch.ssl_key_file", OptionValue.NonEmpty, "For an ovsdb_connection by ssl:."),
        Map("ovs", "ssl_cert_file", "", "drivers.openvswitch.ssl_cert_file", OptionValue.NonEmpty, "For an ovsdb_connection by ssl:."),
        Map("ovs", "ssl_ca_cert_file", "", "drivers.openvswitch.ssl_ca_cert_file", OptionValue.NonEmpty, "For an ovsdb_connection by ssl:."),
        Unneeded("ovs", "bridge_mappings", "", Elsewhere),
        Unneeded("ovs", "local_ip", "", Elsewhere),
        Unneeded("ovs", "tunnel_bridge", "br-tun", Elsewhere),
        Unneeded("linux_bridge", "physical_interface_mappings", "", Elsewhere),
        Unneeded("linux_bridge", "bridge_mappings", "", Elsewhere),
        Unneeded("vxlan", "enable_vxlan", "True", Elsewhere),
        Unneeded("vxlan", "local_ip", "", Elsewhere),
        Unneeded(Default, "network_device_mtu", "", "The MTU is the network's."),
    ];
}
