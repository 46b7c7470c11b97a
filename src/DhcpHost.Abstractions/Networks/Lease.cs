using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>An address that a server has bound to a client (RFC 2131 section 2, RFC 8415 section 4.2).</summary>
public sealed record Lease
{
    /// <summary>The address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The client's MAC address, where the server knows it.</summary>
    public MacAddress? MacAddress { get; init; }

    /// <summary>The client's name, where it has one.</summary>
    public string? Hostname { get; init; }

    /// <summary>DHCPv4's client identifier, as colon-separated hex.</summary>
    public string? ClientId { get; init; }

    /// <summary>DHCPv6's unique identifier, as colon-separated hex.</summary>
    public string? Duid { get; init; }

    /// <summary>DHCPv6's identity association.</summary>
    public uint? Iaid { get; init; }

    /// <summary>When it ends; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
