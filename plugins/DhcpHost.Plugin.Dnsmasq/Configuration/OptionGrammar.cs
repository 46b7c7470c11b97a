using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Names and values of options in a dhcp-optsfile.</summary>
/// <remarks>
/// dnsmasq reads such a file by lines of at most 1,024 bytes (a longer one goes on as a second option line), strips comments, and reads quotes. After the
/// option itself all fields are its value, so commas there part its items and can do no harm.
/// </remarks>
internal static partial class OptionGrammar
{
    /// <summary>Bytes of the longest line that dnsmasq reads as one (<c>MAXDNAME</c>, less the line feed and the final zero).</summary>
    public const int MaxLineBytes = 1023;

    private const int MaxNumberIPv4 = 254;
    private const int MaxNameLength = 64;
    private const int MaxValueLength = 255;

    /// <summary>Takes a name apart: the tags that limit it, and how dnsmasq is told it.</summary>
    /// <param name="name">A name or a number, after any number of <c>tag:x,</c>.</param>
    /// <param name="ipVersion">4 or 6.</param>
    /// <param name="tags">The tags with their final comma; empty for none.</param>
    /// <param name="option"><c>option:NAME</c>, <c>option6:NAME</c> or a bare number.</param>
    /// <returns>What is wrong with it; <c>null</c> for nothing.</returns>
    public static string? FindNameFault(string name, int ipVersion, out string tags, out string option)
    {
        tags = option = "";
        var match = NamePattern().Match(name);
        if (name.Length > MaxNameLength || !match.Success)
        {
            return $"an option is a name of letters, digits, '-' and '_' or a number, at most {MaxNameLength} characters, after 'tag:x,' at most";
        }

        if (ipVersion is not (4 or 6))
        {
            return $"IP version {ipVersion} is neither 4 nor 6";
        }

        tags = match.Groups["tags"].Value;
        var word = match.Groups["option"].Value;
        var isNumber = !word.AsSpan().ContainsAnyExceptInRange('0', '9');
        if (isNumber && (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1 || number > (ipVersion == 4 ? MaxNumberIPv4 : ushort.MaxValue)))
        {
            return $"an option of DHCPv{ipVersion} has a number from 1 to {(ipVersion == 4 ? MaxNumberIPv4 : ushort.MaxValue)}";
        }

        option = ipVersion == 6 ? $"option6:{word}" : isNumber ? word : $"option:{word}";
        return null;
    }

    /// <summary>What is wrong with a value; <c>null</c> for nothing.</summary>
    public static string? FindValueFault(string value)
    {
        if (value.Length > MaxValueLength)
        {
            return $"its value is longer than {MaxValueLength} characters";
        }

        foreach (var rune in value.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is '"' or '#' or 0x2028 or 0x2029)
            {
                return "its value has a line break, a control character, a quote or a '#', which dnsmasq's file of options cannot carry; leave it out";
            }
        }

        return value.StartsWith("tag:", StringComparison.Ordinal) || value.StartsWith("set:", StringComparison.Ordinal)
            ? "its value begins with 'tag:' or 'set:', which are words of dnsmasq's own; tags go before the option's name"
            : null;
    }

    [GeneratedRegex(@"\A(?<tags>(?:tag:!?[A-Za-z0-9_.-]+,)*)(?<option>[A-Za-z0-9][A-Za-z0-9_-]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
