using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace DhcpHost.Toml.Values;

/// <summary>
/// Addresses in their full form only. <see cref="IPAddress.TryParse(string, out IPAddress)"/> also takes <c>10</c>, <c>010.0.0.1</c> and
/// <c>[::1]:80</c>.
/// </summary>
internal static class AddressText
{
    private const int Ipv4Parts = 4;

    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    public static bool TryParseAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        var isPlain = text.Contains(':')
            ? text.IndexOfAnyExcept(Ipv6Characters) < 0
            : IsDottedQuad(text);
        return isPlain && IPAddress.TryParse(text, out address);
    }

    /// <param name="text">The text.</param>
    /// <param name="network">The network, its host bits cleared.</param>
    /// <param name="isExact">Whether the text had no host bits.</param>
    public static bool TryParseNetwork(ReadOnlySpan<char> text, out IPNetwork network, out bool isExact)
    {
        network = default;
        isExact = false;
        var slash = text.IndexOf('/');
        if (slash < 0 || !TryParseAddress(text[..slash], out var address) || !IsDecimal(text[(slash + 1)..], out var length))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return false;
        }

        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        var first = new IPAddress(bytes);
        network = new(first, length);
        isExact = first.Equals(address);
        return true;
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            parts++;
            if (parts > Ipv4Parts || !IsDecimal(text[range], out var value) || value > byte.MaxValue)
            {
                return false;
            }
        }

        return parts == Ipv4Parts;
    }

    private static bool IsDecimal(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        return text.Length is 1 or 2 or 3
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
