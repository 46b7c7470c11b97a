using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The id of a subnet, unique within its network.</summary>
/// <remarks>1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit: safe in file names and command lines.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<SubnetId>))]
public readonly record struct SubnetId : IParsable<SubnetId>, IComparable<SubnetId>
{
    private readonly string? _value;

    /// <summary>Checks and wraps an id.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public SubnetId(string value) => _value = Identifier.Require(value, "subnet id");

    /// <summary>The id's text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static SubnetId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SubnetId result)
    {
        var valid = Identifier.IsValid(s);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>By ordinal text.</summary>
    public int CompareTo(SubnetId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(SubnetId left, SubnetId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(SubnetId left, SubnetId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(SubnetId left, SubnetId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(SubnetId left, SubnetId right) => left.CompareTo(right) >= 0;
}
