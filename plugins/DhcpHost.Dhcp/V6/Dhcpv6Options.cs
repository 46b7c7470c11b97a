using System.Buffers.Binary;

namespace DhcpHost.Dhcp.V6;

/// <summary>The options of a message, or of an option that has options in it, in their order. Made of checked bytes: it never runs over an end.</summary>
public readonly ref struct Dhcpv6Options
{
    private const int HeaderLength = 4;
    private readonly ReadOnlySpan<byte> _bytes;

    private Dhcpv6Options(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Takes bytes that are whole options; false where the last one runs over the end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Dhcpv6Options options)
    {
        options = default;
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            if (rest.Length < HeaderLength)
            {
                return false;
            }

            var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length > rest.Length)
            {
                return false;
            }

            rest = rest[length..];
        }

        options = new(bytes);
        return true;
    }

    /// <summary>The content of the first option of that code; false where there is none.</summary>
    public bool TryFind(Dhcpv6OptionCode code, out ReadOnlySpan<byte> data)
    {
        foreach (var option in this)
        {
            if (option.Code == code)
            {
                data = option.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>Whether there is an option of that code.</summary>
    public bool Contains(Dhcpv6OptionCode code) => TryFind(code, out _);

    /// <summary>Walks over them.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks over options.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>The option at hand.</summary>
        public Dhcpv6Option Current { get; private set; }

        /// <summary>Goes on; false at the end.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
            Current = new((Dhcpv6OptionCode)BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(HeaderLength, length));
            _rest = _rest[(HeaderLength + length)..];
            return true;
        }
    }
}
