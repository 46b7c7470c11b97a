using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The id of a network: Neutron's UUID, or the name of a network file.</summary>
/// <remarks>1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit: safe in file names and command lines.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<NetworkId>))]
public readonly record struct NetworkId : IParsable<NetworkId>, IComparable<NetworkId>
{
    private readonly string? _value;

    /// <summary>Checks and wraps an id.</summary>
    /// <exception cref="FormatException">The text is not of the form above.</exception>
    public NetworkId(string value) => _value = Identifier.Require(value, "network id");

    /// <summary>The id's text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static NetworkId Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out NetworkId result)
    {
        var valid = Identifier.IsValid(s);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>By ordinal text.</summary>
    public int CompareTo(NetworkId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(NetworkId left, NetworkId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(NetworkId left, NetworkId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(NetworkId left, NetworkId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(NetworkId left, NetworkId right) => left.CompareTo(right) >= 0;
}
