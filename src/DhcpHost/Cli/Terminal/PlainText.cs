namespace DhcpHost.Cli.Terminal;

/// <summary>Makes texts from outside harmless: a client's host name must not move the cursor of the operator's terminal.</summary>
internal static class PlainText
{
    /// <summary>One line: control characters become '?', line breaks blanks.</summary>
    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Concat(text.Select(c => c is '\n' or '\r' or '\t' ? ' ' : IsUnsafe(c) ? '?' : c)) : text;

    // Besides control characters: those that turn the direction of what follows, or are shown as nothing.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\uFEFF';
}
