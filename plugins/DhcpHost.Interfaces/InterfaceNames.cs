using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Interfaces;

/// <summary>The names of a port's two ends, as Neutron's drivers form them (<c>neutron/agent/linux/interface.py</c>, <c>get_device_name</c>).</summary>
public static class InterfaceNames
{
    /// <summary>What a network's namespace begins with in Neutron; its id follows.</summary>
    public const string NamespacePrefix = "qdhcp-";

    private const string HostPrefix = "tap";
    private const string InnerPrefix = "ns-";

    // IFNAMSIZ is 16 with the final NUL; the prefixes above have up to 3 characters, and Neutron takes 14 in all.
    private const int SuffixLength = 11;

    /// <summary>The end in the host's namespace, a port of the bridge.</summary>
    public static string HostDevice(NetworkId network, Port port) => HostPrefix + Suffix(network, port.Id);

    /// <summary>The end in the network's namespace.</summary>
    public static string Device(NetworkId network, Port port) => InnerPrefix + Suffix(network, port.Id);

    /// <summary>The name of the other end of a pair, by the name of the one inside.</summary>
    public static string HostDeviceOf(string device) =>
        device.StartsWith(InnerPrefix, StringComparison.Ordinal) ? HostPrefix + device[InnerPrefix.Length..] : device;

    /// <summary>Whether a link bears a name that these drivers, or Neutron's, give to a DHCP port's end inside a namespace.</summary>
    public static bool IsDevice(string name) =>
        (name.StartsWith(InnerPrefix, StringComparison.Ordinal) && name.Length == InnerPrefix.Length + SuffixLength)
        || (name.StartsWith(HostPrefix, StringComparison.Ordinal) && name.Length == HostPrefix.Length + SuffixLength);

    /// <summary>A prefix and the start of an id, which is what names of Linux bridges and of ports are made of in Neutron.</summary>
    public static string WithStartOf(string prefix, string id) => prefix + id[..Math.Min(id.Length, SuffixLength)];

    private static string Suffix(NetworkId network, PortId port)
    {
        // The start of a UUID is unique enough, and what operators look for. Ids that people write need a hash: they begin alike.
        if (Guid.TryParseExact(port.Value, "D", out _))
        {
            return port.Value[..SuffixLength];
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.ASCII.GetBytes($"{network}/{port}"), hash);
        return Convert.ToHexStringLower(hash)[..SuffixLength];
    }
}
