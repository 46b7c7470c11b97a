using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The id of a driver, as operators write it: <c>dnsmasq</c>, <c>bridge</c>.</summary>
/// <remarks>1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit: safe in file names and command lines.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<DriverId>))]
public readonly record struct DriverId : IParsable<DriverId>, IComparable<DriverId>
{
    private readonly string? _value;

    /// <summary>Checks and wraps an id.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public DriverId(string value) => _value = Identifier.Require(value, "driver id");

    /// <summary>The id's text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static DriverId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DriverId result)
    {
        var valid = Identifier.IsValid(s);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>By ordinal text.</summary>
    public int CompareTo(DriverId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(DriverId left, DriverId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(DriverId left, DriverId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(DriverId left, DriverId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(DriverId left, DriverId right) => left.CompareTo(right) >= 0;
}
