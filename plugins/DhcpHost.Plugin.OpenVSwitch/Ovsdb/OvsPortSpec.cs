namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>A port to make.</summary>
/// <param name="Bridge">Where.</param>
/// <param name="Name">Its name, and its link's.</param>
/// <param name="IsInternal">Whether Open vSwitch makes the link; else it is there, or comes.</param>
/// <param name="ExternalIds">What Neutron's agents know it by.</param>
/// <param name="Vlan">Its VLAN.</param>
internal sealed record OvsPortSpec(string Bridge, string Name, bool IsInternal, OvsExternalIds ExternalIds, OvsVlan Vlan);
