using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>A subnet that is served.</summary>
internal sealed class Dhcpv4Subnet
{
    /// <summary>The lease time that means: for ever (RFC 2131 section 3.3).</summary>
    public const uint Infinite = uint.MaxValue;

    public required SubnetId Id { get; init; }

    public required uint Prefix { get; init; }

    public required uint Mask { get; init; }

    /// <summary>The server's address that clients are told.</summary>
    public required IPAddress ServerIdentifier { get; init; }

    /// <summary>The server has an address on it: clients are on the link, and not behind a relay alone.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>The lease time in seconds.</summary>
    public required uint LeaseTime { get; init; }

    /// <summary>Ranges of addresses for clients that nobody knows, both ends included.</summary>
    public required (uint Start, uint End)[] Pools { get; init; }

    /// <summary>It and the others on its wire, itself first; clients of a relay on it get addresses of these.</summary>
    public Dhcpv4Subnet[] Wire { get; set; } = [];

    public bool Contains(uint address) => (address & Mask) == Prefix;

    /// <summary>Whether the server gives the address to anybody.</summary>
    public bool IsDynamic(uint address)
    {
        foreach (var (start, end) in Pools)
        {
            if (start <= address && address <= end)
            {
                return true;
            }
        }

        return false;
    }
}
