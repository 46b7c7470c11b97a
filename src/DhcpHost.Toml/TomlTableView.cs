using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml;

/// <summary>A table of a document, to be bound now or later, whole or without the keys that someone else has taken.</summary>
/// <remarks>
/// A property of this type, or a dictionary of it, leaves a table unbound: that is how the table of a plugin waits for the plugin's options type.
/// Not safe for use from two threads at once.
/// </remarks>
public sealed class TomlTableView
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    internal TomlTableView(TomlDocument document, TomlTable table, string key)
    {
        Document = document;
        Table = table;
        Key = key;
    }

    /// <summary>The document that it is a part of.</summary>
    public TomlDocument Document { get; }

    /// <summary>Its full path, such as <c>drivers.dnsmasq</c>; empty for the top level.</summary>
    public string Key { get; }

    /// <summary>Where it begins.</summary>
    public TomlPlace Place => Table.Place;

    /// <summary>Its keys, in the order of the file.</summary>
    public IEnumerable<string> Keys => Table.Entries.Keys;

    /// <summary>The keys that nobody has taken or bound.</summary>
    public IEnumerable<string> UnconsumedKeys => IsBound ? [] : Keys.Where(key => !_taken.Contains(key));

    /// <summary>Whether it was bound to a type.</summary>
    public bool IsBound { get; internal set; }

    internal TomlTable Table { get; }

    /// <summary>Takes a table out: a later <see cref="TomlBinder.Bind(Type, TomlTableView)"/> of this view leaves it alone.</summary>
    /// <param name="key">The table's key in this one.</param>
    /// <returns>Its view, or <c>null</c> where there is no such key or it is no table.</returns>
    public TomlTableView? TakeTable(string key)
    {
        if (!Table.Entries.TryGetValue(key, out var entry) || entry.Value is not TomlTable table)
        {
            return null;
        }

        _taken.Add(key);
        return new(Document, table, TomlText.Join(Key, key));
    }

    /// <summary>The same table as if nobody had taken or bound anything of it, for a further reader.</summary>
    public TomlTableView Renew() => new(Document, Table, Key);

    /// <summary>The whole table as JSON, keys in the order of the file; what JSON has no form for (dates, times, infinity) is a string.</summary>
    public System.Text.Json.JsonElement ToJson() => JsonValues.Of(Table);

    /// <summary>The place of a key, or of the table where it lacks the key.</summary>
    public TomlPlace PlaceOf(string key) => Table.Entries.TryGetValue(key, out var entry) ? entry.KeyPlace : Place;

    /// <summary>An error at a value below this table.</summary>
    /// <param name="key">A path below this table, such as <c>subnets[1].gateway</c>; empty for the table.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="cure">What to do about it.</param>
    public TomlError ErrorAt(string key, string message, string? cure = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        var path = key.Length == 0 ? Key : Key.Length == 0 ? key : $"{Key}.{key}";
        return TomlErrors.At(Document, TomlPath.Locate(Table, key), path, message, cure);
    }

    internal bool IsTaken(string key) => _taken.Contains(key);
}
