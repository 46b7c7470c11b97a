using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>A range of addresses, both ends included.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The last address, of the same family and not below <paramref name="Start"/>.</param>
public sealed record AllocationPool(
    IPAddress Start,
    IPAddress End);
