using System.Globalization;
using System.Text;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Client identifiers and DUIDs as Kea has them: hex.</summary>
internal static class ClientKeys
{
    private const int MinClientId = 2;
    private const int MinDuid = 3;
    private const int MaxLength = 128;

    /// <summary>The identifiers that a port's text stands for: hex with colons, or text with and without the type 0 before it, as in dnsmasq.</summary>
    /// <returns>What is wrong with it; <c>null</c> for nothing.</returns>
    public static string? FindClientIds(string text, List<string> ids)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TryHex(text) is not { } octets ? "it is not colon-separated hex, as in 01:02:0a" : Add(octets, ids);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return (bytes.Length >= MinClientId ? Add(bytes, ids) : null) ?? Add([0, .. bytes], ids);
    }

    /// <summary>A DUID in hex; <c>null</c> where it is none.</summary>
    public static string? FindDuid(string text) =>
        (text.Contains(':', StringComparison.Ordinal) ? TryHex(text) : TryPlainHex(text)) is { Length: >= MinDuid and <= MaxLength } octets
            ? Convert.ToHexStringLower(octets)
            : null;

    private static string? Add(byte[] octets, List<string> ids)
    {
        if (octets.Length is < MinClientId or > MaxLength)
        {
            return $"Kea's client identifiers have {MinClientId} to {MaxLength} octets";
        }

        ids.Add(Convert.ToHexStringLower(octets));
        return null;
    }

    private static byte[]? TryPlainHex(string text) => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static byte[]? TryHex(string text)
    {
        var octets = new List<byte>();
        foreach (var item in text.Split(':'))
        {
            if (item.Length is 0 or > 2 || !byte.TryParse(item, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return null;
            }

            octets.Add(octet);
        }

        return [.. octets];
    }
}
