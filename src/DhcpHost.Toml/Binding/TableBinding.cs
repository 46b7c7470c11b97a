using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

/// <summary>One run of the binder: its errors, and what it learnt of the types on the way.</summary>
internal sealed partial class TableBinding(TomlDocument document)
{
    private static readonly HashSet<string> NoKeys = [];

    private readonly Dictionary<Type, ObjectShape?> _shapes = [];

    public List<TomlError> Errors { get; } = [];

    /// <summary>Binds a whole view; <c>null</c> with errors where that fails.</summary>
    public object? Bind(TomlTableView view, Type type)
    {
        var value = BindTable(view.Table, new(type, new(view.Key)), view);
        view.IsBound = true;
        return Errors.Count == 0 ? value : null;
    }

    private object? BindTable(TomlTable table, ValueTarget target, TomlTableView? view = null)
    {
        if (ShapeOf(target.Type) is not { } shape)
        {
            return Fail(table.Place, target.Key, $"the options type {target.Type.Name} has no constructor to use");
        }

        var values = new List<(BoundMember Member, object Value)>(Math.Min(shape.Members.Count, table.Entries.Count));
        var wrong = default(HashSet<string>);
        foreach (var (key, entry) in table.Entries)
        {
            if (view is not null && view.IsTaken(key))
            {
                continue;
            }

            var path = target.Key.Below(key);
            if (shape.FindSuccessor(key) is { } successor)
            {
                Errors.Add(TomlErrors.At(document, entry.KeyPlace, path.ToString(), "this key is no more", successor));
                _ = (wrong ??= new(StringComparer.Ordinal)).Add(key);
            }
            else if (shape.Find(key) is not { } member)
            {
                var nearest = OptionKeys.Nearest(key, shape.Keys);
                Errors.Add(Unknown(shape, nearest, entry, path));
                _ = (wrong ??= new(StringComparer.Ordinal)).Add(nearest ?? key);
            }
            else if (Convert(entry.Value, new(member.Type, path, member)) is { } value)
            {
                values.Add((member, value));
            }
            else
            {
                _ = (wrong ??= new(StringComparer.Ordinal)).Add(key);
            }
        }

        foreach (var member in shape.Required)
        {
            if (!table.Entries.ContainsKey(member.Key))
            {
                _ = (wrong ??= new(StringComparer.Ordinal)).Add(member.Key);
                _ = Fail(table.Place, target.Key.Below(member.Key), "is required, but missing");
            }
        }

        if (wrong is not null)
        {
            LookFurther(shape, values, table, target.Key, wrong);
            return null;
        }

        return Construct(shape, values, table, target.Key) is { } made
            && HasValues(shape, made, table, target.Key, onlyDefaults: false)
            && Validate(shape, made, table, target.Key, NoKeys)
            ? made
            : null;
    }

    /// <summary>
    /// Tells what else is wrong beside keys that are not understood, with defaults in their place; what is said of those, or because of them, is not told.
    /// </summary>
    private void LookFurther(
        ObjectShape shape, List<(BoundMember Member, object Value)> values, TomlTable table, KeyPath path, HashSet<string> wrong)
    {
        if (!shape.Required.All(member => values.Exists(value => value.Member == member))
            || (shape.Constructor is not null && shape.Members.Any(member => member.Parameter is not null && wrong.Contains(member.Key))))
        {
            // There is nothing to stand in for them.
            return;
        }

        _ = Construct(shape, values, table, path) is { } partial
            && HasValues(shape, partial, table, path, onlyDefaults: true)
            && Validate(shape, partial, table, path, wrong);
    }

    /// <summary>Whether all members that must have a value have one: of the file, or by default.</summary>
    private bool HasValues(ObjectShape shape, object made, TomlTable table, KeyPath path, bool onlyDefaults)
    {
        var before = Errors.Count;
        foreach (var member in shape.MustHaveValue)
        {
            var isThere = table.Entries.TryGetValue(member.Key, out var entry);
            if (!(isThere && onlyDefaults) && !member.MustHaveValue!.IsValid(member.Property!.GetValue(made)))
            {
                _ = Fail(isThere ? entry.Value.Place : table.Place, path.Below(member.Key), isThere ? "must not be empty" : "is required, but missing");
            }
        }

        return Errors.Count == before;
    }

    private ObjectShape? ShapeOf(Type type)
    {
        if (!_shapes.TryGetValue(type, out var shape))
        {
            shape = ObjectShape.Of(type);
            _shapes.Add(type, shape);
        }

        return shape;
    }

    private TomlError Unknown(ObjectShape shape, string? nearest, TomlEntry entry, KeyPath path)
    {
        var what = entry.Value is TomlTable or TomlArray { IsOfTables: true } ? "table" : "key";
        var cure = nearest is not null
            ? $"did you mean `{nearest}`?"
            : shape.Members.Count == 0 ? "there are none here" : $"known here: {string.Join(", ", shape.Keys.Order(StringComparer.Ordinal))}";
        return TomlErrors.At(document, entry.KeyPlace, path.ToString(), $"unknown {what}", cure);
    }

    private object? Fail(TomlPlace place, KeyPath key, string message, string? cure = null)
    {
        Errors.Add(TomlErrors.At(document, place, key.ToString(), message, cure));
        return null;
    }

    private object? Mismatch(TomlNode node, KeyPath key, string expected, string? cure = null) =>
        Fail(node.Place, key, $"must be {expected}, is {node.Describe()}", cure);
}
