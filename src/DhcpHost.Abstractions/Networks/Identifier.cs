using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The grammar that all ids share: they become parts of file names, namespace names and command lines.</summary>
internal static class Identifier
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(text[0]) && text.AsSpan().IndexOfAnyExcept(Allowed) < 0;

    public static string Require(string? text, string kind) =>
        IsValid(text)
            ? text
            : throw new FormatException(
                $"'{text}' is not a {kind}: 1 to {MaxLength} ASCII letters, digits, '.', '_' or '-', the first one a letter or digit.");
}
