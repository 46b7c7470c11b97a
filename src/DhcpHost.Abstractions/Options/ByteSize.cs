using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DhcpHost.Abstractions.Options;

/// <summary>A number of bytes, written with its unit: <c>64MiB</c>, <c>1GB</c>, <c>512B</c>.</summary>
/// <remarks>
/// KiB, MiB, GiB and TiB are powers of 1,024; kB (or KB), MB, GB and TB are powers of 1,000. A bare number is refused: its unit would be a guess.
/// </remarks>
/// <param name="Bytes">The number of bytes; not negative.</param>
public readonly record struct ByteSize(long Bytes) : IParsable<ByteSize>, IComparable<ByteSize>, IComparable
{
    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("B", 1),
    ];

    /// <summary>A whole number of KiB.</summary>
    public static ByteSize FromKibibytes(long count) => new(checked(count << 10));

    /// <summary>A whole number of MiB.</summary>
    public static ByteSize FromMebibytes(long count) => new(checked(count << 20));

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static ByteSize Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var result)
        ? result
        : throw new FormatException($"'{s}' is not a size in bytes such as \"64MiB\", \"512KiB\" or \"1GB\".");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ByteSize result)
    {
        result = default;
        var text = s.AsSpan().Trim();
        foreach (var (suffix, factor) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }

            var number = text[..^suffix.Length].TrimEnd();
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / factor)
            {
                return false;
            }

            result = new(count * factor);
            return true;
        }

        return false;
    }

    /// <summary>By the number of bytes.</summary>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : throw new ArgumentException("Not a ByteSize.", nameof(obj));

    /// <summary>In the largest binary unit that keeps it whole, such as <c>64MiB</c>: what <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        if (Bytes != 0)
        {
            for (var unit = 3; unit >= 0; unit--)
            {
                if (Bytes % Units[unit].Factor == 0)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{Bytes / Units[unit].Factor}{Units[unit].Suffix}");
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Bytes}B");
    }

    /// <summary>By the number of bytes.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>By the number of bytes.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>By the number of bytes.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>By the number of bytes.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}
