using System.Globalization;
using System.Text;
using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Parsing;

namespace DhcpHost.Toml;

/// <summary>A TOML 1.1 text, read whole, that knows the place of each key and value.</summary>
public sealed class TomlDocument
{
    private TomlDocument(string path, TomlTable root)
    {
        Path = path;
        Root = new(this, root, "");
    }

    /// <summary>The file's name as errors show it.</summary>
    public string Path { get; }

    /// <summary>The top-level table.</summary>
    public TomlTableView Root { get; }

    /// <summary>Reads a text. Whatever it holds, the outcome is a document or errors, never an exception.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file's name for errors.</param>
    /// <param name="limits">Bounds; <c>null</c> for the defaults.</param>
    public static TomlParseResult Parse(string text, string path, TomlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        limits ??= TomlLimits.Default;
        if (text.Length > limits.MaxBytes || Encoding.UTF8.GetByteCount(text) > limits.MaxBytes)
        {
            return TooLarge(path, limits);
        }

        if (FirstLoneSurrogate(text) is var lone and >= 0)
        {
            var place = PlaceAt(text.AsSpan(0, lone));
            return new(null, [new(path, place.Line, place.Column, "", "half of a surrogate pair is not text", "save the file as UTF-8")]);
        }

        var reader = new TomlReader(text, path, limits);
        var root = reader.Read();
        if (reader.Errors.Count == 0)
        {
            return new(new(path, root), []);
        }

        var errors = reader.Errors.ToList();
        if (errors.Count >= limits.MaxErrors)
        {
            var last = errors[^1];
            errors.Add(last with { Key = "", Message = $"too many errors: reading stopped after {limits.MaxErrors}", Cure = null });
        }

        return new(null, TomlErrors.Sort(errors));
    }

    /// <summary>Reads a file's bytes, which have to be UTF-8.</summary>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    /// <param name="path">The file's name for errors.</param>
    /// <param name="limits">Bounds; <c>null</c> for the defaults.</param>
    public static TomlParseResult Parse(ReadOnlySpan<byte> utf8, string path, TomlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        limits ??= TomlLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return TooLarge(path, limits);
        }

        var valid = FirstInvalid(utf8);
        if (valid < 0)
        {
            return Parse(Encoding.UTF8.GetString(utf8), path, limits);
        }

        var place = PlaceAt(Encoding.UTF8.GetString(utf8[..valid]));
        var message = string.Create(CultureInfo.InvariantCulture, $"the byte 0x{utf8[valid]:X2} is not UTF-8");
        return new(null, [new(path, place.Line, place.Column, "", message, "save the file as UTF-8")]);
    }

    /// <summary>An error at a key's value, for rules that only the caller knows.</summary>
    /// <param name="key">A path such as <c>subnets[1].gateway</c>. Where it leads nowhere the last table on the way is the place.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="cure">What to do about it.</param>
    public TomlError ErrorAt(string key, string message, string? cure = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return TomlErrors.At(this, Nodes.TomlPath.Locate(Root.Table, key), key, message, cure);
    }

    /// <summary>The path of a key below a table, the key quoted where TOML needs it.</summary>
    public static string JoinKey(string table, string key) => Values.TomlText.Join(table, key);

    private static TomlParseResult TooLarge(string path, TomlLimits limits) => new(
        null, [new(path, 1, 1, "", string.Create(CultureInfo.InvariantCulture, $"the file is larger than {limits.MaxBytes} bytes"), "split it")]);

    private static TomlPlace PlaceAt(ReadOnlySpan<char> before)
    {
        var column = 1;
        foreach (var _ in before[(before.LastIndexOf('\n') + 1)..].EnumerateRunes())
        {
            column++;
        }

        return new(before.Count('\n') + 1, column);
    }

    private static int FirstLoneSurrogate(ReadOnlySpan<char> text)
    {
        var offset = 0;
        while (true)
        {
            var next = text[offset..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return -1;
            }

            offset += next;
            if (Rune.DecodeFromUtf16(text[offset..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return offset;
            }

            offset += length;
        }
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        if (System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return -1;
        }

        var offset = 0;
        while (Rune.DecodeFromUtf8(utf8[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
