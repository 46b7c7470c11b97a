using System.Globalization;
using System.Text;
using DhcpHost.Toml.Binding;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Reference;

/// <summary>
/// Writes the reference of an options type as markdown, from the type itself, so that it cannot say anything else than the binder does.
/// </summary>
/// <remarks>Descriptions are the summaries of the XML documentation file that lies beside the type's assembly; without the file they are empty.</remarks>
public static class TomlReference
{
    /// <summary>Writes a heading and a table of keys for the type, then the same for every table below it.</summary>
    /// <param name="type">The options type.</param>
    /// <param name="table">Its table's path, such as <c>limits</c>; empty for the top level of a file.</param>
    /// <param name="level">The level of the first heading, 1 to 6.</param>
    public static string Write(Type type, string table, int level = 3)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(table);
        var markdown = new StringBuilder();
        var written = new HashSet<Type>();
        var waiting = new Queue<(Type Type, string Heading, string Path)>();
        waiting.Enqueue((type, table.Length == 0 ? "Top level" : $"`[{table}]`", table));
        while (waiting.TryDequeue(out var next))
        {
            if (!written.Add(next.Type) || ObjectShape.Of(next.Type) is not { } shape)
            {
                continue;
            }

            var documentation = XmlDocumentation.Of(next.Type.Assembly);
            Begin(markdown, next.Heading, documentation.SummaryOf(next.Type), level);
            var defaults = DefaultsOf(shape);
            foreach (var member in shape.Members)
            {
                WriteRow(markdown, member, documentation, defaults);
                if (TableBelow(member.Type) is var (below, suffix))
                {
                    var path = TomlText.Join(next.Path, member.Key) + suffix;
                    waiting.Enqueue((below, suffix == "[]" ? $"`[[{path[..^2]}]]`" : $"`[{path}]`", path.Replace("[]", "", StringComparison.Ordinal)));
                }
            }

            markdown.Append('\n');
        }

        return markdown.ToString().TrimEnd('\n') + "\n";
    }

    private static void Begin(StringBuilder markdown, string heading, string summary, int level)
    {
        markdown.Append('#', level).Append(' ').Append(heading).Append("\n\n");
        if (summary.Length > 0)
        {
            markdown.Append(summary).Append("\n\n");
        }

        markdown.Append("| Key | Type | Default | Rules | Meaning |\n|---|---|---|---|---|\n");
    }

    private static void WriteRow(StringBuilder markdown, BoundMember member, XmlDocumentation documentation, object? defaults)
    {
        var description = member.Property is { } property ? documentation.SummaryOf(property) : "";
        if (description.Length == 0 && member.Parameter is { } parameter)
        {
            description = documentation.SummaryOf(parameter);
        }

        var rules = string.Join("; ", member.Rules
            .Select(rule => RuleText.HasOwnMessage(rule) ? rule.ErrorMessage : RuleText.Of(rule, TypeNames.IsCollection(member.Type)))
            .Where(text => text is not null));
        markdown.Append(
            CultureInfo.InvariantCulture,
            $"| `{member.Key}` | {Cell(TypeNames.Of(member))} | {Cell(DefaultOf(member, defaults))} | {Cell(rules)} | {Cell(description)} |\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string DefaultOf(BoundMember member, object? defaults)
    {
        var value = member.Parameter is { } parameter ? parameter.DefaultValue : defaults is null ? null : member.Property?.GetValue(defaults);
        if (member.IsRequired || member.MustHaveValue?.IsValid(value) == false)
        {
            return "required";
        }

        return value is null || TableBelow(member.Type) is not null || TypeNames.IsEmpty(value) ? "" : $"`{RuleText.Show(value)}`";
    }

    private static object? DefaultsOf(ObjectShape shape) => shape.Constructor is null ? Activator.CreateInstance(shape.Type) : null;

    /// <summary>The type whose table lies below a member, and what its path ends with.</summary>
    private static (Type Type, string Suffix)? TableBelow(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (CollectionShape.Of(type) is not { } collection)
        {
            return TypeNames.IsTable(type) ? (type, "") : null;
        }

        return TypeNames.IsTable(collection.ItemType) ? (collection.ItemType, collection.KeyType is null ? "[]" : ".NAME") : null;
    }
}
