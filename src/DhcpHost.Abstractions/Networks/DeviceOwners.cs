namespace DhcpHost.Abstractions.Networks;

/// <summary>Values of <see cref="Port.DeviceOwner"/> that mean something here (neutron-lib, <c>constants.py</c>).</summary>
public static class DeviceOwners
{
    /// <summary>The port of a DHCP server.</summary>
    public const string Dhcp = "network:dhcp";

    /// <summary>The port of a router on this network.</summary>
    public const string RouterInterface = "network:router_interface";

    /// <summary>The port of a distributed router on this network.</summary>
    public const string DistributedRouterInterface = "network:router_interface_distributed";

    /// <summary>The port of a replicated router on this network.</summary>
    public const string HaReplicatedInterface = "network:ha_router_replicated_interface";

    /// <summary>The port between the members of a replicated router: asks for no DHCP.</summary>
    public const string RouterHaInterface = "network:router_ha_interface";

    /// <summary>A floating address: asks for no DHCP.</summary>
    public const string FloatingIp = "network:floatingip";

    /// <summary>OVN's metadata port: asks for no DHCP.</summary>
    public const string Distributed = "network:distributed";
}
