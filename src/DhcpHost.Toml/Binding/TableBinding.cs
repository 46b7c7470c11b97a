using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

/// <summary>One run of the binder: its errors, and what it learnt of the types on the way.</summary>
internal sealed partial class TableBinding(TomlDocument document)
{
    private readonly Dictionary<Type, ObjectShape?> _shapes = [];

    public List<TomlError> Errors { get; } = [];

    /// <summary>Binds a whole view; <c>null</c> with errors where that fails.</summary>
    public object? Bind(TomlTableView view, Type type)
    {
        var value = BindTable(view.Table, new(type, view.Key), view);
        view.IsBound = true;
        return Errors.Count == 0 ? value : null;
    }

    private object? BindTable(TomlTable table, ValueTarget target, TomlTableView? view = null)
    {
        if (ShapeOf(target.Type) is not { } shape)
        {
            return Fail(table.Place, target.Key, $"the options type {target.Type.Name} has no constructor to use");
        }

        var values = new Dictionary<BoundMember, object?>(shape.Members.Count);
        var wrong = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, entry) in table.Entries)
        {
            if (view is not null && view.IsTaken(key))
            {
                continue;
            }

            var path = TomlText.Join(target.Key, key);
            if (shape.FindSuccessor(key) is { } successor)
            {
                Errors.Add(TomlErrors.At(document, entry.KeyPlace, path, "this key is no more", successor));
                _ = wrong.Add(key);
            }
            else if (shape.Find(key) is not { } member)
            {
                var nearest = OptionKeys.Nearest(key, shape.Keys);
                Errors.Add(Unknown(shape, nearest, entry, path));
                _ = wrong.Add(nearest ?? key);
            }
            else if (Convert(entry.Value, new(member.Type, path, member)) is { } value)
            {
                values.Add(member, value);
            }
            else
            {
                _ = wrong.Add(key);
            }
        }

        foreach (var member in shape.Required)
        {
            if (!table.Entries.ContainsKey(member.Key))
            {
                _ = wrong.Add(member.Key);
                _ = Fail(table.Place, TomlText.Join(target.Key, member.Key), "is required, but missing");
            }
        }

        if (wrong.Count > 0)
        {
            LookFurther(shape, values, table, target.Key, wrong);
            return null;
        }

        return Construct(shape, values, table, target.Key) is { } made
            && HasValues(shape, made, table, target.Key, _ => true)
            && Validate(shape, made, table, target.Key, [])
            ? made
            : null;
    }

    /// <summary>
    /// Tells what else is wrong beside keys that are not understood, with defaults in their place; what is said of those, or because of them, is not told.
    /// </summary>
    private void LookFurther(ObjectShape shape, Dictionary<BoundMember, object?> values, TomlTable table, string path, HashSet<string> wrong)
    {
        if (!shape.Required.All(values.ContainsKey)
            || (shape.Constructor is not null && shape.Members.Any(member => member.Parameter is not null && wrong.Contains(member.Key))))
        {
            // There is nothing to stand in for them.
            return;
        }

        _ = Construct(shape, values, table, path) is { } partial
            && HasValues(shape, partial, table, path, member => !table.Entries.ContainsKey(member.Key))
            && Validate(shape, partial, table, path, wrong);
    }

    /// <summary>Whether all members that must have a value have one: of the file, or by default.</summary>
    private bool HasValues(ObjectShape shape, object made, TomlTable table, string path, Func<BoundMember, bool> isLookedAt)
    {
        var before = Errors.Count;
        foreach (var member in shape.Members.Where(member => member.MustHaveValue is not null && member.Property is not null && isLookedAt(member)))
        {
            if (!member.MustHaveValue!.IsValid(member.Property!.GetValue(made)))
            {
                var isThere = table.Entries.TryGetValue(member.Key, out var entry);
                _ = Fail(
                    isThere ? entry!.Value.Place : table.Place, TomlText.Join(path, member.Key), isThere ? "must not be empty" : "is required, but missing");
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

    private TomlError Unknown(ObjectShape shape, string? nearest, TomlEntry entry, string path)
    {
        var what = entry.Value is TomlTable or TomlArray { IsOfTables: true } ? "table" : "key";
        var cure = nearest is not null
            ? $"did you mean `{nearest}`?"
            : shape.Members.Count == 0 ? "there are none here" : $"known here: {string.Join(", ", shape.Keys.Order(StringComparer.Ordinal))}";
        return TomlErrors.At(document, entry.KeyPlace, path, $"unknown {what}", cure);
    }

    private object? Fail(TomlPlace place, string key, string message, string? cure = null)
    {
        Errors.Add(TomlErrors.At(document, place, key, message, cure));
        return null;
    }

    private object? Mismatch(TomlNode node, string key, string expected, string? cure = null) =>
        Fail(node.Place, key, $"must be {expected}, is {node.Describe()}", cure);
}
