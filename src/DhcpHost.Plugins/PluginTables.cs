using DhcpHost.Abstractions.Networks;
using DhcpHost.Toml;

namespace DhcpHost.Plugins;

/// <summary>The tables of <c>host.toml</c> that are plugins' options: <c>[drivers.*]</c> and <c>[sources.*]</c>. Immutable.</summary>
/// <param name="drivers">The tables below <c>[drivers]</c>, by plugin id.</param>
/// <param name="sources">The tables below <c>[sources]</c>, by plugin id.</param>
/// <param name="path">The file's name in messages about a table that is missing.</param>
public sealed class PluginTables(
    IReadOnlyDictionary<string, TomlTableView> drivers, IReadOnlyDictionary<string, TomlTableView> sources, string path = "host.toml")
{
    /// <summary>No tables.</summary>
    public static PluginTables Empty { get; } = new(new Dictionary<string, TomlTableView>(), new Dictionary<string, TomlTableView>());

    /// <summary>The tables of a whole document, which has <c>drivers</c> and <c>sources</c> at its top.</summary>
    public static PluginTables Of(TomlDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new(Below(document.Root, "drivers"), Below(document.Root, "sources"), document.Path);
    }

    /// <summary>Whether there is a table for a plugin.</summary>
    public bool Has(PluginKind kind, PluginId id) => Tables(kind).ContainsKey(id.Value);

    /// <summary>Whether there is a table for a plugin, whatever it is for.</summary>
    public bool HasAny(PluginId id) => drivers.ContainsKey(id.Value) || sources.ContainsKey(id.Value);

    /// <summary>Tables that belong to none of these plugins: mistyped ids, most likely.</summary>
    /// <param name="known">The plugins that were found.</param>
    public IReadOnlyList<TomlError> FindUnclaimed(IReadOnlyCollection<(PluginKind Kind, PluginId Id)> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return [.. Enum.GetValues<PluginKind>().SelectMany(kind => Tables(kind)
            .Where(table => !known.Any(plugin => plugin.Kind == kind && plugin.Id.Value == table.Key))
            .Select(table => table.Value.ErrorAt(
                "", $"there is no {Name(kind)} plugin '{table.Key}'", $"known: "
                    + $"{string.Join(", ", known.Where(plugin => plugin.Kind == kind).Select(plugin => plugin.Id.Value).Order(StringComparer.Ordinal))}")))];
    }

    /// <summary>A plugin's table as if nobody had read it yet; an empty one where there is none.</summary>
    internal TomlTableView View(PluginKind kind, PluginId id)
    {
        if (Tables(kind).TryGetValue(id.Value, out var table))
        {
            return table.Renew();
        }

        var document = TomlDocument.Parse($"[{Name(kind)}s.\"{id}\"]\n", path).Document!;
        return document.Root.TakeTable($"{Name(kind)}s")!.TakeTable(id.Value)!;
    }

    /// <summary>A plugin's table as text that is the same where its values are.</summary>
    internal string Text(PluginKind kind, PluginId id) =>
        Tables(kind).TryGetValue(id.Value, out var table) ? table.ToJson().GetRawText() : "";

    private static string Name(PluginKind kind) => kind == PluginKind.Driver ? "driver" : "source";

    private static Dictionary<string, TomlTableView> Below(TomlTableView root, string key)
    {
        var tables = new Dictionary<string, TomlTableView>(StringComparer.Ordinal);
        if (root.TakeTable(key) is { } parent)
        {
            foreach (var id in parent.Keys)
            {
                if (parent.TakeTable(id) is { } table)
                {
                    tables.Add(id, table);
                }
            }
        }

        return tables;
    }

    private IReadOnlyDictionary<string, TomlTableView> Tables(PluginKind kind) => kind == PluginKind.Driver ? drivers : sources;
}
