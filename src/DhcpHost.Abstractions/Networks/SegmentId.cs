using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The id of a segment of a routed provider network.</summary>
/// <remarks>1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit: safe in file names and command lines.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<SegmentId>))]
public readonly record struct SegmentId : IParsable<SegmentId>, IComparable<SegmentId>
{
    private readonly string? _value;

    /// <summary>Checks and wraps an id.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public SegmentId(string value) => _value = Identifier.Require(value, "segment id");

    /// <summary>The id's text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static SegmentId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SegmentId result)
    {
        var valid = Identifier.IsValid(s);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>By ordinal text.</summary>
    public int CompareTo(SegmentId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(SegmentId left, SegmentId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(SegmentId left, SegmentId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(SegmentId left, SegmentId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(SegmentId left, SegmentId right) => left.CompareTo(right) >= 0;
}
