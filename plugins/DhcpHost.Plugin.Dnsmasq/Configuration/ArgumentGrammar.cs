using System.Text;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Text within an argument that dnsmasq splits at commas, as in <c>--dhcp-boot=tag:x,FILE,SERVER</c>.</summary>
internal static class ArgumentGrammar
{
    private const int MaxLength = 127;

    /// <summary>What is wrong with it; <c>null</c> for nothing.</summary>
    public static string? FindFault(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return $"it has 1 to {MaxLength} characters";
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is ',' or '"' or '#')
            {
                return "it has a comma, a quote, a '#' or a control character, which dnsmasq's command line cannot carry; leave it out";
            }
        }

        return FindPrefixFault(text);
    }

    private static string? FindPrefixFault(string text)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["tag:", "set:", "net:", "option:", "option6:", "enterprise:"])
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return $"it begins with '{prefix}', which is a word of dnsmasq's own";
            }
        }

        return null;
    }
}
