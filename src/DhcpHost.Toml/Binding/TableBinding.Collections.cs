using System.Text.Json;
using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

internal sealed partial class TableBinding
{
    private readonly Dictionary<Type, CollectionShape?> _collections = [];

    /// <summary>Converts a value, and checks its member's rules. <c>null</c> after an error.</summary>
    private object? Convert(TomlNode node, ValueTarget target, bool isItem = false)
    {
        var type = Nullable.GetUnderlyingType(target.Type) ?? target.Type;
        var isCollection = false;
        if (!TryScalar(node, type, target, out var value))
        {
            (value, isCollection) = Structured(node, type, target);
        }

        return value is not null && Check(value, node, target, isItem, isCollection) ? value : null;
    }

    private (object? Value, bool IsCollection) Structured(TomlNode node, Type type, ValueTarget target)
    {
        if (type == typeof(object))
        {
            return (PlainValues.Of(node), false);
        }

        if (type == typeof(JsonElement))
        {
            return (JsonValues.Of(node), false);
        }

        if (CollectionOf(type) is { } collection)
        {
            return (collection.KeyType is null ? List(node, collection, target) : Map(node, collection, target), true);
        }

        if (node is not TomlTable table)
        {
            return (Mismatch(node, target.Key, "a table"), false);
        }

        return type == typeof(TomlTableView)
            ? (new TomlTableView(document, table, target.Key.ToString()), false)
            : (BindTable(table, target with { Type = type }), false);
    }

    private CollectionShape? CollectionOf(Type type)
    {
        if (!_collections.TryGetValue(type, out var shape))
        {
            shape = CollectionShape.Of(type);
            _collections.Add(type, shape);
        }

        return shape;
    }

    private object? List(TomlNode node, CollectionShape shape, ValueTarget target)
    {
        if (node is not TomlArray array)
        {
            var cure = node is TomlScalar scalar
                ? $"write [{(scalar.Kind == TomlScalarKind.Text ? TomlText.Quote(scalar.Text) : TomlText.Shorten(scalar.Text))}]"
                : node is TomlTable { Origin: TomlTableOrigin.Header } ? $"write [[{target.Key}]]" : null;
            return Mismatch(node, target.Key, "an array", cure);
        }

        var items = Array.CreateInstance(shape.ItemType, array.Items.Count);
        var complete = true;
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (Convert(array.Items[i], new(shape.ItemType, target.Key.At(i), target.Member), isItem: true) is { } item)
            {
                items.SetValue(item, i);
            }
            else
            {
                complete = false;
            }
        }

        return complete ? Contain(node.Place, target.Key, (shape, items), static list => list.shape.MakeList(list.items)) : null;
    }

    private object? Map(TomlNode node, CollectionShape shape, ValueTarget target)
    {
        if (node is not TomlTable table)
        {
            return Mismatch(node, target.Key, "a table");
        }

        var entries = shape.NewEntries();
        var complete = true;
        foreach (var (name, entry) in table.Entries)
        {
            var path = target.Key.Below(name);
            var key = shape.KeyType == typeof(string) ? name : Convert(new TomlScalar(entry.KeyPlace, TomlScalarKind.Text, name), new(shape.KeyType!, path));
            var value = Convert(entry.Value, new(shape.ItemType, path, target.Member), isItem: true);
            if (key is null || value is null)
            {
                complete = false;
            }
            else if (entries.Contains(key))
            {
                complete = false;
                _ = Fail(entry.KeyPlace, path, "is already there in another spelling");
            }
            else
            {
                entries.Add(key, value);
            }
        }

        return complete ? Contain(node.Place, target.Key, (shape, entries), static map => map.shape.MakeMap(map.entries)) : null;
    }
}
