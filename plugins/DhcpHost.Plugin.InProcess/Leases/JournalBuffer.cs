using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>Records one after the other, each as magic, length, checksum (CRC-32C of the body) and body.</summary>
internal sealed class JournalBuffer
{
    public const uint Magic = 0x314C4844;
    public const int HeaderSize = 12;

    private const int InitialCapacity = 64 * 1024;
    private const int KeptCapacity = 1 << 20;

    private ArrayBufferWriter<byte> _bytes = new(InitialCapacity);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Add(ReadOnlySpan<byte> body)
    {
        var span = _bytes.GetSpan(HeaderSize + body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], Checksum(body));
        body.CopyTo(span[HeaderSize..]);
        _bytes.Advance(HeaderSize + body.Length);
    }

    /// <summary>Adds what another buffer has.</summary>
    public void AddAll(JournalBuffer other) => _bytes.Write(other.Written);

    public void Clear()
    {
        if (_bytes.Capacity > KeptCapacity)
        {
            _bytes = new(InitialCapacity);
        }

        _bytes.ResetWrittenCount();
    }

    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        var sum = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var octet in data)
        {
            sum = BitOperations.Crc32C(sum, octet);
        }

        return ~sum;
    }
}
