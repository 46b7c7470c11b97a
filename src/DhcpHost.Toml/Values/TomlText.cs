using System.Buffers;
using System.Globalization;
using System.Text;

namespace DhcpHost.Toml.Values;

/// <summary>How keys and values are shown in messages: short, on one line, nothing that a terminal would obey.</summary>
internal static class TomlText
{
    private const int MaxShown = 60;

    private static readonly SearchValues<char> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Quoted, with control characters escaped, cut after 60 characters.</summary>
    public static string Quote(string text) => $"\"{Shorten(text)}\"";

    /// <summary>Without quotes, with control characters escaped, cut after 60 characters.</summary>
    public static string Shorten(string text)
    {
        var shown = new StringBuilder();
        foreach (var character in text)
        {
            if (shown.Length >= MaxShown)
            {
                return shown.Append('…').ToString();
            }

            _ = char.IsControl(character)
                || char.IsSurrogate(character)
                || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : shown.Append(character);
        }

        return shown.ToString();
    }

    /// <summary>A key as it has to be written: quoted unless it is a bare key.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.AsSpan().IndexOfAnyExcept(Bare) < 0 ? key : Quote(key);

    /// <summary>The path of a key below another.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? Key(key) : $"{path}.{Key(key)}";

    /// <summary>The path of an array's item, counted from 0.</summary>
    public static string Index(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>A list for people: <c>a, b or c</c>.</summary>
    public static string Choices(IReadOnlyList<string> words) => words.Count switch
    {
        0 => "nothing",
        1 => words[0],
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}",
    };

    /// <summary>A message of Tomlyn in our form: on one line, beginning in lower case, without a final stop.</summary>
    public static string Sentence(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length == 0 ? "this is not TOML" : char.ToLowerInvariant(line[0]) + line[1..];
    }
}
