using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Bridge;

/// <summary>The names of a port's two ends, as Neutron's drivers form them.</summary>
internal static class InterfaceNames
{
    // IFNAMSIZ is 16 with the final NUL; the prefixes below have up to 4 characters.
    private const int SuffixLength = 11;

    /// <summary>The end in the host's namespace, a port of the bridge.</summary>
    public static string HostDevice(NetworkId network, Port port) => "tap" + Suffix(network, port.Id);

    /// <summary>The end in the network's namespace.</summary>
    public static string Device(NetworkId network, Port port) => "ns-" + Suffix(network, port.Id);

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
