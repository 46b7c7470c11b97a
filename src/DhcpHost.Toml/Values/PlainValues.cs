using DhcpHost.Toml.Nodes;

namespace DhcpHost.Toml.Values;

/// <summary>Values for options whose shape nobody declared.</summary>
internal static class PlainValues
{
    /// <summary>
    /// A string, long, double, bool, <c>object[]</c> or <c>Dictionary&lt;string, object&gt;</c>; a date or time as the text that was
    /// written.
    /// </summary>
    public static object Of(TomlNode node) => node switch
    {
        TomlScalar { Kind: TomlScalarKind.Integer } scalar => scalar.Integer,
        TomlScalar { Kind: TomlScalarKind.Float } scalar => scalar.Number,
        TomlScalar { Kind: TomlScalarKind.Boolean } scalar => scalar.IsTrue,
        TomlScalar scalar => scalar.Text,
        TomlArray array => array.Items.Select(Of).ToArray(),
        TomlTable table => table.Entries.ToDictionary(pair => pair.Key, pair => Of(pair.Value.Value), StringComparer.Ordinal),
        _ => throw new InvalidOperationException("A document holds only scalars, arrays and tables."),
    };
}
