using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>What ports mean to a DHCP agent (neutron, <c>agent/linux/dhcp.py</c>).</summary>
internal static class PortRules
{
    /// <summary>Neutron's <c>device_id</c> of a DHCP port whose agent is gone: the next one takes it over, with its address.</summary>
    public const string ReservedDeviceId = "reserved_dhcp_port";

    /// <summary>Whether a client is behind the port that waits for its DHCP service.</summary>
    public static bool RequiresDhcp(Port port) => !IsUnseen(port) && port.DeviceOwner is not (DeviceOwners.Dhcp or DeviceOwners.Distributed);

    /// <summary>Whether nothing that a server tells anybody depends on the port.</summary>
    public static bool IsUnseen(Port port) => port.DeviceOwner is DeviceOwners.RouterHaInterface or DeviceOwners.FloatingIp;

    /// <summary>Whether the two have an address in common.</summary>
    public static bool ShareAddress(Port port, Port other)
    {
        foreach (var ip in port.FixedIps)
        {
            foreach (var held in other.FixedIps)
            {
                if (ip.Address.Equals(held.Address) && ip.SubnetId == held.SubnetId)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
