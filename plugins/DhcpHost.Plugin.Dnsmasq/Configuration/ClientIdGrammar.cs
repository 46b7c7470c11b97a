using System.Buffers;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Client identifiers and DUIDs in the <c>id:</c> field of a host line.</summary>
internal static class ClientIdGrammar
{
    private const int MaxBytes = 255;

    private static readonly SearchValues<char> TextCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$%&'()+-./;<=>?@[\\]^_`{|}~");

    /// <summary>
    /// What is wrong with a client identifier: colon-separated hex, text, or <c>*</c> (dnsmasq's word for: look at the MAC address alone).
    /// </summary>
    public static string? FindFault(string id) => id switch
    {
        "" => "it is empty",
        "*" => null,
        _ when id.Contains(':', StringComparison.Ordinal) => FindHexFault(id),
        _ when id.Length > MaxBytes => $"it is longer than {MaxBytes} characters",
        _ when id.AsSpan().ContainsAnyExcept(TextCharacters) =>
            "it has characters that dnsmasq's host file cannot carry; write it as colon-separated hex, as in 01:02:0a",
        _ => null,
    };

    /// <summary>What is wrong with a DUID (RFC 8415 section 11): colon-separated hex, at most 130 octets.</summary>
    public static string? FindHexFault(string hex)
    {
        var text = hex.AsSpan();
        if (text.Length > (MaxBytes * 3) - 1)
        {
            return $"it is longer than {MaxBytes} octets";
        }

        var octets = 0;
        foreach (var range in text.Split(':'))
        {
            var octet = text[range];
            if (octet.Length is < 1 or > 2 || !octet.ContainsOnlyHex())
            {
                return "it is not colon-separated hex, as in 01:02:0a";
            }

            octets++;
        }

        return octets < 2 ? "it is not colon-separated hex, as in 01:02:0a" : null;
    }

    /// <summary>Whether a text is colon-separated hex of one octet or more.</summary>
    public static bool IsHex(string text) => FindHexFault(text) is null || (text.Length is 1 or 2 && text.AsSpan().ContainsOnlyHex());

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
