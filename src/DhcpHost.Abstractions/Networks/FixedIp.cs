using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>An address that a port has on a subnet.</summary>
/// <param name="SubnetId">The subnet.</param>
/// <param name="Address">The address.</param>
public sealed record FixedIp(SubnetId SubnetId, IPAddress Address);
