using System.Net;

namespace DhcpHost.Serving.V4;

/// <summary>Routes as option 121 has them (RFC 3442).</summary>
public static class RouteEncoder
{
    /// <summary>The prefix length, the octets of the destination that matter, the router.</summary>
    public static void Add(IPNetwork destination, IPAddress router, List<byte> bytes)
    {
        bytes.Add((byte)destination.PrefixLength);
        bytes.AddRange(destination.BaseAddress.GetAddressBytes().AsSpan(0, (destination.PrefixLength + 7) / 8));
        bytes.AddRange(router.GetAddressBytes());
    }
}
