using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving.V6;

/// <summary>A subnet that DHCPv6 serves.</summary>
public sealed record V6Subnet
{
    public required SubnetId Id { get; init; }

    public required IPNetwork Prefix { get; init; }

    public required UInt128 First { get; init; }

    public required UInt128 Last { get; init; }

    /// <summary>Whether it is on the server's own link, not one that only relay agents reach.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>Whether addresses come by DHCPv6 (stateful), not options alone.</summary>
    public required bool GivesAddresses { get; init; }

    /// <summary>Ranges for clients that nobody knows.</summary>
    public required IReadOnlyList<(UInt128 First, UInt128 Last)> Pools { get; init; }

    /// <summary>The lease time; <see cref="Timeout.InfiniteTimeSpan"/> for no end.</summary>
    public required TimeSpan LeaseTime { get; init; }

    /// <summary>What its clients are told.</summary>
    public required IReadOnlyList<V6Option> Options { get; init; }

    public bool Contains(UInt128 address) => First <= address && address <= Last;

    public bool IsDynamic(UInt128 address)
    {
        foreach (var (first, last) in Pools)
        {
            if (first <= address && address <= last)
            {
                return true;
            }
        }

        return false;
    }
}
