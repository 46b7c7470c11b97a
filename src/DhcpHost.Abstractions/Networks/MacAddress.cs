using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>A 48-bit IEEE 802 MAC address; its text is lower-case, with colons.</summary>
[JsonConverter(typeof(ParsableJsonConverter<MacAddress>))]
public readonly record struct MacAddress : IParsable<MacAddress>, IComparable<MacAddress>
{
    private const int Octets = 6;
    private const int TextLength = (Octets * 3) - 1;

    private readonly ulong _bits;

    /// <summary>Takes the six octets as they are sent.</summary>
    /// <exception cref="ArgumentException">There are not six of them.</exception>
    public MacAddress(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != Octets)
        {
            throw new ArgumentException($"A MAC address has {Octets} octets, not {octets.Length}.", nameof(octets));
        }

        foreach (var octet in octets)
        {
            _bits = (_bits << 8) | octet;
        }
    }

    /// <summary>True for the all-zero address, which no interface has.</summary>
    public bool IsZero => _bits == 0;

    /// <summary>True where the group bit is set: multicast and broadcast.</summary>
    public bool IsMulticast => (_bits & 0x0100_0000_0000) != 0;

    /// <summary>Reads <c>fa:16:3e:00:00:01</c> or <c>fa-16-3e-00-00-01</c>, in either case.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static MacAddress Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var result)
            ? result
            : throw new FormatException($"'{s}' is not a MAC address: six pairs of hex digits with colons, as in fa:16:3e:00:00:01.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MacAddress result)
    {
        result = default;
        if (s is not { Length: TextLength } || (s[2] != ':' && s[2] != '-'))
        {
            return false;
        }

        Span<byte> octets = stackalloc byte[Octets];
        for (var i = 0; i < Octets; i++)
        {
            var isSeparated = i == 0 || s[(i * 3) - 1] == s[2];
            if (!isSeparated || !byte.TryParse(s.AsSpan(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octets[i]))
            {
                return false;
            }
        }

        result = new(octets);
        return true;
    }

    /// <summary>Writes the six octets as they are sent.</summary>
    public void CopyTo(Span<byte> destination)
    {
        for (var i = 0; i < Octets; i++)
        {
            destination[i] = (byte)(_bits >> (8 * (Octets - 1 - i)));
        }
    }

    /// <summary>By value.</summary>
    public int CompareTo(MacAddress other) => _bits.CompareTo(other._bits);

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[Octets];
        CopyTo(octets);
        return string.Create(CultureInfo.InvariantCulture, $"{octets[0]:x2}:{octets[1]:x2}:{octets[2]:x2}:{octets[3]:x2}:{octets[4]:x2}:{octets[5]:x2}");
    }

    /// <summary>By value.</summary>
    public static bool operator <(MacAddress left, MacAddress right) => left.CompareTo(right) < 0;

    /// <summary>By value.</summary>
    public static bool operator >(MacAddress left, MacAddress right) => left.CompareTo(right) > 0;

    /// <summary>By value.</summary>
    public static bool operator <=(MacAddress left, MacAddress right) => left.CompareTo(right) <= 0;

    /// <summary>By value.</summary>
    public static bool operator >=(MacAddress left, MacAddress right) => left.CompareTo(right) >= 0;
}
