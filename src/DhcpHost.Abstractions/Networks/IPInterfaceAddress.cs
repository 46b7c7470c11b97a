using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>An address as an interface has it: with the length of its on-link prefix, <c>10.0.0.2/24</c>.</summary>
/// <param name="Address">The address, host bits and all.</param>
/// <param name="PrefixLength">Bits of the on-link prefix: 0 to 32, or to 128.</param>
[JsonConverter(typeof(ParsableJsonConverter<IPInterfaceAddress>))]
public sealed record IPInterfaceAddress(IPAddress Address, int PrefixLength) : IParsable<IPInterfaceAddress>
{
    /// <summary>True for IPv6.</summary>
    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not an address with a prefix length.</exception>
    public static IPInterfaceAddress Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException($"'{s}' is not an address with a prefix length, as in 10.0.0.2/24.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out IPInterfaceAddress result)
    {
        result = null;
        var slash = s?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !IPAddress.TryParse(s.AsSpan(0, slash), out var address)
            || !int.TryParse(s.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > (address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32))
        {
            return false;
        }

        result = new(address, length);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");
}
