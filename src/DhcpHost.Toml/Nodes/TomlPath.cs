using System.Globalization;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Nodes;

/// <summary>Finds the place that a path such as <c>subnets[1].gateway</c> names.</summary>
internal static class TomlPath
{
    /// <summary>The place of the value, or of the last value on the way to it that is there.</summary>
    public static TomlPlace Locate(TomlNode node, ReadOnlySpan<char> path)
    {
        while (!path.IsEmpty)
        {
            var next = node switch
            {
                TomlTable table => Below(table, ref path),
                TomlArray array => Item(array, ref path),
                _ => null,
            };

            if (next is null)
            {
                break;
            }

            node = next;
            path = path.TrimStart('.');
        }

        return node.Place;
    }

    private static TomlNode? Below(TomlTable table, ref ReadOnlySpan<char> path)
    {
        // Keys may hold dots and brackets in quotes: the table is asked which of its keys the path begins with.
        foreach (var (name, entry) in table.Entries)
        {
            var key = TomlText.Key(name);
            if (path.StartsWith(key) && (path.Length == key.Length || path[key.Length] is '.' or '['))
            {
                path = path[key.Length..];
                return entry.Value;
            }
        }

        return null;
    }

    private static TomlNode? Item(TomlArray array, ref ReadOnlySpan<char> path)
    {
        var end = path.IndexOf(']');
        if (path[0] != '['
            || end < 0
            || !int.TryParse(path[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= array.Items.Count)
        {
            return null;
        }

        path = path[(end + 1)..];
        return array.Items[index];
    }
}
