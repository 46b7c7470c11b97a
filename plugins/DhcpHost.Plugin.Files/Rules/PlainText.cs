using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>
/// The grammars of texts that reach a server's configuration. The driver's encoder refuses what its file cannot hold; this refuses it with
/// a place.
/// </summary>
internal static partial class PlainText
{
    public const string NameRule = "may not have control characters, ',', '#', '\"', '\\' or blanks at its ends";

    public const string ValueRule = "may not have control characters, ',', '#' or blanks at its ends";

    private const int MaxDomain = 253;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create(",#\"\\");

    private static readonly SearchValues<char> NotInValues = SearchValues.Create(",#");

    /// <summary>A name for people.</summary>
    public static bool IsName(string text) => IsOneLine(text) && text.AsSpan().IndexOfAny(NotInNames) < 0;

    /// <summary>A value of an option, a file name.</summary>
    public static bool IsValue(string text) => IsOneLine(text) && text.AsSpan().IndexOfAny(NotInValues) < 0;

    /// <summary>One label of a host name (RFC 1123 section 2.1).</summary>
    public static bool IsHostname(string text) => Label().IsMatch(text);

    /// <summary>Labels with dots, a final one allowed (RFC 1035 section 2.3.1).</summary>
    public static bool IsDomain(string text) =>
        text.Length is > 0 and <= MaxDomain && text.TrimEnd('.').Split('.').All(Label().IsMatch) && !text.EndsWith("..", StringComparison.Ordinal);

    /// <summary>The name of a network interface (<c>dev_valid_name</c> in the kernel), not beginning with a dash.</summary>
    public static bool IsInterface(string text) => Interface().IsMatch(text);

    /// <summary>Pairs of hex digits with colons.</summary>
    public static bool IsHex(string text, int least, int most) =>
        Hex().IsMatch(text) && (text.Length + 1) / 3 is var octets && octets >= least && octets <= most;

    /// <summary>The name of an option.</summary>
    public static bool IsOptionName(string text) => OptionName().IsMatch(text);

    private static bool IsOneLine(string text) =>
        (text.Length == 0 || (!char.IsWhiteSpace(text[0]) && !char.IsWhiteSpace(text[^1])))
        && !text.Any(
            c => char.IsControl(c)
                || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}\z")]
    private static partial Regex Interface();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*\z")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,63}\z")]
    private static partial Regex OptionName();
}
