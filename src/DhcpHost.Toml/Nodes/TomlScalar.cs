using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Nodes;

/// <summary>A string, number, boolean or date.</summary>
internal sealed class TomlScalar(TomlPlace place, TomlScalarKind kind, string text, long integer = 0, double number = 0)
    : TomlNode(place)
{
    public TomlScalarKind Kind { get; } = kind;

    /// <summary>A string's value; what was written for anything else.</summary>
    public string Text { get; } = text;

    public long Integer { get; } = integer;

    public double Number { get; } = number;

    public bool IsTrue => Integer != 0;

    public override string Describe() => Kind switch
    {
        TomlScalarKind.Text => $"the string {TomlText.Quote(Text)}",
        TomlScalarKind.Integer => $"the integer {TomlText.Shorten(Text)}",
        TomlScalarKind.Float => $"the number {TomlText.Shorten(Text)}",
        TomlScalarKind.Boolean => Text,
        _ => $"the date or time {TomlText.Shorten(Text)}",
    };
}
