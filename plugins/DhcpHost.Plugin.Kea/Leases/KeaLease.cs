using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Kea.Leases;

/// <summary>A lease as Kea keeps it.</summary>
internal sealed record KeaLease
{
    public required IPAddress Address { get; init; }

    public string HwAddress { get; init; } = "";

    /// <summary>IPv4: the client identifier; IPv6: the DUID. Hex with colons; empty for none.</summary>
    public string Identifier { get; init; } = "";

    public string Hostname { get; init; } = "";

    public uint? Iaid { get; init; }

    /// <summary>Seconds; all ones for no end.</summary>
    public required uint ValidLifetime { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Expires { get; init; }

    /// <summary>The number of its subnet; any will do for a lease that Kea has yet to read, since it corrects it.</summary>
    public uint SubnetId { get; init; } = 1;

    /// <summary>0 for a lease in use; declined ones and those that ended have others.</summary>
    public int State { get; init; }

    public bool IsEndless => ValidLifetime == uint.MaxValue;

    public MacAddress? MacAddress => Abstractions.Networks.MacAddress.TryParse(HwAddress, null, out var mac) && !mac.IsZero ? mac : null;

    public bool IsCurrent(DateTimeOffset now) => State == 0 && (IsEndless || Expires > now.ToUnixTimeSeconds());

    /// <summary>As the model has it.</summary>
    public Lease ToLease()
    {
        var isIPv6 = Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var id = Identifier.Length == 0 ? null : Identifier.ToLowerInvariant();
        return new()
        {
            Address = Address,
            MacAddress = MacAddress,
            Hostname = Hostname.Length == 0 ? null : Hostname.TrimEnd('.'),
            ClientId = isIPv6 ? null : id,
            Duid = isIPv6 ? id : null,
            Iaid = Iaid,
            ExpiresAt = IsEndless ? null : DateTimeOffset.FromUnixTimeSeconds(Expires),
        };
    }

    /// <summary>What another driver's lease is to Kea; <c>null</c> where it says too little of its client for Kea to know it again.</summary>
    public static KeaLease? Of(Lease lease, DateTimeOffset now)
    {
        var isIPv6 = lease.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var id = isIPv6 ? lease.Duid : lease.ClientId;
        if (isIPv6 ? id is null || lease.Iaid is null : lease.MacAddress is null)
        {
            return null;
        }

        var left = lease.ExpiresAt is { } end ? (long)(end - now).TotalSeconds : uint.MaxValue;
        return new()
        {
            Address = lease.Address,
            HwAddress = lease.MacAddress?.ToString() ?? "",
            Identifier = id is null || !IsHex(id) ? "" : id,
            Hostname = lease.Hostname is { } name && Serving.HostNameGrammar.FindFault(name) is null ? name : "",
            Iaid = lease.Iaid,
            ValidLifetime = lease.ExpiresAt is null ? uint.MaxValue : (uint)Math.Clamp(left, 1, uint.MaxValue - 1),
            Expires = lease.ExpiresAt?.ToUnixTimeSeconds() ?? now.ToUnixTimeSeconds() + uint.MaxValue,
        };
    }

    private static bool IsHex(string text) =>
        text.Split(':').All(octet => octet.Length is 1 or 2 && byte.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _));
}
