using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>The leases of one network.</summary>
/// <param name="Key">The network.</param>
/// <param name="Id">Its number in the journal.</param>
/// <param name="IPv4">DHCPv4's.</param>
/// <param name="IPv6">DHCPv6's.</param>
internal sealed record ServerLeases(ServerKey Key, int Id, LeaseTable IPv4, LeaseTable IPv6)
{
    /// <summary>Leases of both families.</summary>
    public int Count => IPv4.Count + IPv6.Count;
}
