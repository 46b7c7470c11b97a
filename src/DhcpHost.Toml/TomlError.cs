using System.Globalization;
using System.Text;

namespace DhcpHost.Toml;

/// <summary>What is wrong in a TOML file, and where.</summary>
/// <param name="Path">The file, as the reader was told its name.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
/// <param name="Key">The key's full path, such as <c>limits.workers_max</c> or <c>reservations[2].mac</c>; empty where there is none.</param>
/// <param name="Message">What is wrong, without the place.</param>
/// <param name="Cure">What to do about it, where that is known.</param>
public sealed record TomlError(string Path, int Line, int Column, string Key, string Message, string? Cure = null)
{
    /// <summary>The whole message on one line: <c>host.toml:12:3: limits.workers_max: must be between 1 and 256, is 0</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Path}:{Line}:{Column}: ");
        if (Key.Length > 0)
        {
            text.Append(Key).Append(": ");
        }

        text.Append(Message);
        if (Cure is not null)
        {
            text.Append("; ").Append(Cure);
        }

        return text.ToString();
    }
}
