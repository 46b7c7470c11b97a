using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>A port's place among VLANs (ovs-vswitchd.conf.db(5), table Port).</summary>
/// <param name="Tag">The VLAN; <c>null</c> for none.</param>
internal sealed record OvsVlan(int? Tag)
{
    /// <summary>
    /// Where Neutron puts a new port (<c>OVSBridge._set_port_dead</c>): a tag alone would not stop it, as packets of access ports have no header to
    /// match; as a trunk of VLAN 4095 only, it passes nothing (LP#1930414). The agent sets the tag of the network and clears the rest.
    /// </summary>
    public static OvsVlan Dead { get; } = new(OvsSwitch.DeadVlan);

    public IEnumerable<KeyValuePair<string, JsonNode>> ToColumns() =>
    [
        new("tag", Tag is { } tag ? tag : Operation.EmptySet),
        new("vlan_mode", this == Dead ? "trunk" : Operation.EmptySet),
        new("trunks", this == Dead ? OvsSwitch.DeadVlan : Operation.EmptySet),
    ];

    public bool IsOf(OvsPort port) => port.Tag == Tag && port.VlanMode.Length == 0;
}
