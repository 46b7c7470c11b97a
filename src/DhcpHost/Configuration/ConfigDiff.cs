namespace DhcpHost.Configuration;

/// <summary>What differs between two configurations, by top-level table.</summary>
/// <param name="Tables">The tables that differ, sorted.</param>
public sealed record ConfigDiff(IReadOnlySet<string> Tables)
{
    /// <summary>Tables that a running host cannot take over: they say what it opens at its start.</summary>
    private static readonly string[] AtStartOnly = ["engine", "host", "management", "plugins", "scripts", "sources"];

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Tables.Count == 0;

    /// <summary>What waits for a restart.</summary>
    public IReadOnlyList<string> NeedRestart => [.. AtStartOnly.Where(Tables.Contains)];

    /// <summary>Compares two configurations by their values: comments, order of tables and spaces make no difference.</summary>
    public static ConfigDiff Between(LoadedConfig before, LoadedConfig after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (Texts(before), Texts(after));
        return new(old.Keys.Union(now.Keys).Where(table => old.GetValueOrDefault(table) != now.GetValueOrDefault(table)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Whether a table differs.</summary>
    public bool Has(string table) => Tables.Contains(table);

    private static Dictionary<string, string> Texts(LoadedConfig loaded) =>
        loaded.Document.Root.ToJson().EnumerateObject().ToDictionary(table => table.Name, table => table.Value.GetRawText(), StringComparer.Ordinal);
}
