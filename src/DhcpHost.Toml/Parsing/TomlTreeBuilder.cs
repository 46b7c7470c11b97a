using System.Globalization;
using System.Runtime.InteropServices;
using DhcpHost.Toml.Nodes;

namespace DhcpHost.Toml.Parsing;

/// <summary>Puts keys and headers where they belong, under TOML's rules on what may be defined once.</summary>
internal sealed class TomlTreeBuilder
{
    private int _scope;

    public TomlTreeBuilder() => Current = Root;

    public TomlTable Root { get; } = new(TomlPlace.Start, TomlTableOrigin.Header);

    /// <summary>The table of the last header.</summary>
    public TomlTable Current { get; private set; }

    /// <summary>Opens the table of a header. Returns what is wrong with it; the table opened then is no part of the document.</summary>
    public string? OpenTable(TomlPlace place, List<TomlKeyPart> key, bool isArray)
    {
        _scope++;
        var opened = new TomlTable(place, TomlTableOrigin.Header, _scope);
        Current = opened;
        var parent = Root;
        foreach (var part in CollectionsMarshal.AsSpan(key)[..^1])
        {
            if (!parent.Entries.TryGetValue(part.Name, out var entry))
            {
                entry = new(part.Place, new TomlTable(part.Place, TomlTableOrigin.Implied));
                parent.Entries.Add(part.Name, entry);
            }

            switch (entry.Value)
            {
                case TomlTable { Origin: not TomlTableOrigin.Inline } table:
                    parent = table;
                    break;
                case TomlArray { IsOfTables: true } array:
                    parent = (TomlTable)array.Items[^1];
                    break;
                default:
                    return Closed(part.Name, entry);
            }
        }

        return isArray ? AddToArray(parent, key[^1], opened) : AddTable(parent, key[^1], opened);
    }

    /// <summary>Lets the keys that follow a header that could not be read go nowhere, so that they lead to no further errors.</summary>
    public void OpenNowhere() => Current = new(TomlPlace.Start, TomlTableOrigin.Header, ++_scope);

    /// <summary>Adds a value under a possibly dotted key. Returns what is wrong with it.</summary>
    public string? Add(TomlTable table, List<TomlKeyPart> key, TomlNode value)
    {
        foreach (var part in CollectionsMarshal.AsSpan(key)[..^1])
        {
            if (!table.Entries.TryGetValue(part.Name, out var entry))
            {
                entry = new(part.Place, new TomlTable(part.Place, TomlTableOrigin.DottedKey, _scope));
                table.Entries.Add(part.Name, entry);
            }

            if (entry.Value is not TomlTable { Origin: TomlTableOrigin.DottedKey } next || next.Scope != _scope)
            {
                return Closed(part.Name, entry);
            }

            table = next;
        }

        return table.Entries.TryAdd(key[^1].Name, new(key[^1].Place, value)) ? null : Defined(table.Entries[key[^1].Name]);
    }

    private static string? AddTable(TomlTable parent, TomlKeyPart key, TomlTable opened)
    {
        if (parent.Entries.TryAdd(key.Name, new(key.Place, opened)))
        {
            return null;
        }

        var entry = parent.Entries[key.Name];
        if (entry.Value is not TomlTable { Origin: TomlTableOrigin.Implied } implied)
        {
            return Defined(entry);
        }

        foreach (var (name, below) in implied.Entries)
        {
            opened.Entries.Add(name, below);
        }

        parent.Entries[key.Name] = new(key.Place, opened);
        return null;
    }

    private static string? AddToArray(TomlTable parent, TomlKeyPart key, TomlTable opened)
    {
        if (!parent.Entries.TryGetValue(key.Name, out var entry))
        {
            entry = new(key.Place, new TomlArray(opened.Place, isOfTables: true));
            parent.Entries.Add(key.Name, entry);
        }

        if (entry.Value is not TomlArray { IsOfTables: true } array)
        {
            return Defined(entry);
        }

        array.Items.Add(opened);
        return null;
    }

    private static string Defined(TomlEntry first) => string.Create(
        CultureInfo.InvariantCulture, $"already defined in line {first.KeyPlace.Line}, column {first.KeyPlace.Column}");

    private static string Closed(string name, TomlEntry first) => string.Create(
        CultureInfo.InvariantCulture,
        $"'{Values.TomlText.Shorten(name)}' is {first.Value.Describe()} from line {first.KeyPlace.Line}, column {first.KeyPlace.Column}, to "
            + $"which nothing can be added here");
}
