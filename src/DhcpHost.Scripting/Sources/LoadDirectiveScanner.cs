using System.Text.RegularExpressions;

namespace DhcpHost.Scripting.Sources;

/// <summary>
/// Finds <c>#load</c> directives without a compiler, so that a cached script is recognised without one. It may find too many (in a
/// comment), never reads what the compiler then asks for in addition: that is refused.
/// </summary>
internal static partial class LoadDirectiveScanner
{
    public static IEnumerable<string> Find(string text) =>
        Directive().Matches(text).Select(match => match.Groups["path"].Value).Distinct(StringComparer.Ordinal);

    // Line ends as in the C# specification, section 6.3.2.
    [GeneratedRegex(
        """(?:^|[\r\n\u0085\u2028\u2029])[\s-[\r\n\u0085\u2028\u2029]]*\#[\s-[\r\n\u0085\u2028\u2029]]*load[\s-[\r\n\u0085\u2028\u2029]]*\x22(?<path>[^\x22\r\n\u0085\u2028\u2029]*)\x22""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
