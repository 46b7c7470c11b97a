using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.HostPorts;

/// <summary>The <c>device_id</c> by which an agent knows its own ports (neutron, <c>common/utils.py</c>, <c>get_dhcp_agent_device_id</c>).</summary>
internal static class DhcpDeviceId
{
    // RFC 9562 section 6.6: the name space of domain names.
    private static readonly Guid DomainNames = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>That of a host's port on a network, or on a segment of it.</summary>
    /// <param name="host">The agent's host; a domain name counts by its first label.</param>
    /// <param name="networkId">The network.</param>
    /// <param name="segmentationId">The segment's VLAN id, VNI or the like; none for a flat segment.</param>
    public static string Of(string host, NetworkId networkId, int? segmentationId = null)
    {
        var name = $"dhcp{Uuid5(host.Split('.')[0])}-{networkId}";
        return segmentationId is > 0 ? $"{name}-{segmentationId.Value.ToString(CultureInfo.InvariantCulture)}" : name;
    }

    [SuppressMessage(
        "Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 9562 defines version 5 by SHA-1; nothing is protected by it.")]
    private static Guid Uuid5(string name)
    {
        var hash = SHA1.HashData([.. DomainNames.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
