using System.Globalization;
using System.Text;

namespace DhcpHost.Logging;

/// <summary>Makes text from outside harmless in a line of a log: nothing that it holds can begin a line or steer a terminal.</summary>
internal static class LogText
{
    /// <summary>Appends a text; control characters become <c>\xNN</c>.</summary>
    public static void Append(StringBuilder line, string text)
    {
        foreach (var c in text)
        {
            // Also the line and paragraph separators and the marks that turn the direction of text.
            if (char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
            }
            else
            {
                line.Append(c);
            }
        }
    }
}
