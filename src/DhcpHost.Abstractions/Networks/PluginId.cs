using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The id of a plugin: the name of its folder and of its table in <c>host.toml</c>.</summary>
/// <remarks>1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit: safe in file names and command lines.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<PluginId>))]
public readonly record struct PluginId : IParsable<PluginId>, IComparable<PluginId>
{
    private readonly string? _value;

    /// <summary>Checks and wraps an id.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public PluginId(string value) => _value = Identifier.Require(value, "plugin id");

    /// <summary>The id's text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static PluginId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PluginId result)
    {
        var valid = Identifier.IsValid(s);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>By ordinal text.</summary>
    public int CompareTo(PluginId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(PluginId left, PluginId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(PluginId left, PluginId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(PluginId left, PluginId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(PluginId left, PluginId right) => left.CompareTo(right) >= 0;
}
