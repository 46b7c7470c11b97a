using System.Net;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Files.Addresses;
using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Mapping;

/// <summary>The host's own port on a network: the same MAC address and addresses at every reading, and after every restart.</summary>
internal static class HostPortPlan
{
    private const int IdCharacters = 24;

    // A locally administered (RFC 7042 section 2.1) unicast address.
    private const byte LocalBit = 0x02;
    private const byte GroupBit = 0x01;

    /// <summary>The port without its addresses.</summary>
    public static Port PortOf(NetworkId networkId, NetworkConfig network, string hostName)
    {
        var attempt = 0;
        byte[] hash;
        MacAddress mac;
        do
        {
            hash = SHA256.HashData(Encoding.UTF8.GetBytes($"dhcphost\n{hostName}\n{networkId}\n{attempt++}"));
            Span<byte> octets = [.. hash.AsSpan(0, 6)];
            octets[0] = (byte)((octets[0] | LocalBit) & ~GroupBit);
            mac = new(octets);
        }
        while (network.Reservations.Any(reservation => reservation.Mac == mac));

        return new()
        {
            Id = new($"dhcp-{Convert.ToHexStringLower(hash)[..IdCharacters]}"),
            Name = "dhcp",
            MacAddress = mac,
            DeviceOwner = DeviceOwners.Dhcp,
            DeviceId = $"dhcphost-{networkId}",
            HostId = hostName,
            Status = "ACTIVE",
        };
    }

    /// <summary>The subnet's <c>server_address</c>, or the first address that nothing in the file uses; <c>null</c> where none is left.</summary>
    public static IPAddress? AddressOf(SubnetConfig subnet, IReadOnlySet<IPAddress> reserved)
    {
        if (subnet.ServerAddress is { } wanted)
        {
            return wanted;
        }

        var isIpv6 = AddressNumber.IsIpv6(subnet.Cidr.BaseAddress);
        var pools = subnet.Pools.Select(AddressRange.Of).ToList();
        var used = subnet.DnsServers.Concat(subnet.Routes.Select(route => route.NextHop)).Append(subnet.Gateway ?? IPAddress.Any).ToHashSet();
        var (next, last) = AddressNumber.Usable(subnet.Cidr);

        // Each turn passes over a pool or an address of the file, so that the turns are bounded by the file's length, not by the subnet's size.
        while (next <= last)
        {
            var address = AddressNumber.ToAddress(next, isIpv6);
            var pool = pools.FindIndex(range => range.Contains(address));
            if (pool < 0 && !used.Contains(address) && !reserved.Contains(address))
            {
                return address;
            }

            var passed = pool < 0 ? next : pools[pool].Last;
            if (passed == UInt128.MaxValue)
            {
                return null;
            }

            next = passed + 1;
        }

        return null;
    }
}
