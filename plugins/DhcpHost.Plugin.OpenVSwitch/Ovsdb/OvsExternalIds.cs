using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>What Neutron's agents know a port by (<c>OVSInterfaceDriver._ovs_add_port</c>).</summary>
/// <param name="PortId"><c>iface-id</c>.</param>
/// <param name="MacAddress"><c>attached-mac</c>.</param>
internal sealed record OvsExternalIds(string PortId, MacAddress MacAddress)
{
    public IReadOnlyList<(string Key, string Value)> Pairs => [("iface-id", PortId), ("iface-status", "active"), ("attached-mac", $"{MacAddress}")];

    public JsonArray ToMap() => Operation.Map([.. Pairs]);

    public bool IsIn(IReadOnlyDictionary<string, string> ids) => Pairs.All(pair => ids.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
