using System.Buffers.Binary;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>The records of the lease journal, little-endian, version 1. See docs/drivers/inprocess.md.</summary>
internal sealed partial class LeaseStore
{
    private const byte PutRecord = 1;
    private const byte RemoveRecord = 2;
    private const byte ServerRecord = 3;
    private const byte ForgetRecord = 4;
    private const byte StepRecord = 5;
    private const byte IPv6Flag = 1;
    private const byte MacFlag = 2;
    private const byte DeclinedFlag = 4;
    private const int KeySize = 1 + sizeof(int) + 1 + 16;
    private const int MacSize = 6;
    private const int MaxHostname = byte.MaxValue;
    private const int MaxText = 1024;
    private const int MaxRecord = KeySize + sizeof(long) + MacSize + 2 + ClientKey.MaxLength + 1 + MaxHostname;

    /// <inheritdoc/>
    public bool Replay(ReadOnlySpan<byte> record) => record switch
    {
        [PutRecord, ..] => ReplayPut(record),
        [RemoveRecord, ..] when record.Length == KeySize => FindTable(record) is { } table && (table.Take(ReadAddress(record)) || true),
        [ServerRecord, ..] => ReplayServer(record),
        [ForgetRecord, ..] when record.Length == 1 + sizeof(int) => ReplayForget(ReadId(record)),
        [StepRecord, ..] when record.Length == 1 + sizeof(long) => ReplayStep(BinaryPrimitives.ReadInt64LittleEndian(record[1..])),

        // Of a later version: left alone.
        [> StepRecord, ..] => true,
        _ => false,
    };

    /// <inheritdoc/>
    public void WriteAll(JournalBuffer buffer)
    {
        Span<byte> record = stackalloc byte[MaxRecord];
        foreach (var leases in _servers.Values)
        {
            AddServer(buffer, leases);
            foreach (var table in (ReadOnlySpan<LeaseTable>)[leases.IPv4, leases.IPv6])
            {
                foreach (var lease in table.All)
                {
                    buffer.Add(record[..Format(record, table, lease)]);
                }

                foreach (var lease in table.Prepared)
                {
                    buffer.Add(record[..Format(record, table, lease)]);
                }
            }
        }
    }

    internal void NoteRemove(LeaseTable table, UInt128 address)
    {
        Span<byte> record = stackalloc byte[KeySize];
        FormatKey(record, RemoveRecord, table, address, 0);
        _journal.Add(record);
    }

    private void NoteServer(ServerLeases leases)
    {
        var buffer = new JournalBuffer();
        AddServer(buffer, leases);
        _journal.Add(buffer.Written[JournalBuffer.HeaderSize..]);
    }

    private void NoteForgotten(ServerLeases leases)
    {
        Span<byte> record = stackalloc byte[1 + sizeof(int)];
        record[0] = ForgetRecord;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], leases.Id);
        _journal.Add(record);
    }

    private void NoteStep(long step)
    {
        Span<byte> record = stackalloc byte[1 + sizeof(long)];
        record[0] = StepRecord;
        BinaryPrimitives.WriteInt64LittleEndian(record[1..], step);
        _journal.Add(record);
    }

    private static void AddServer(JournalBuffer buffer, ServerLeases leases)
    {
        Span<byte> record = stackalloc byte[1 + sizeof(int) + MaxText];
        record[0] = ServerRecord;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], leases.Id);
        var length = 1 + sizeof(int);
        length += Encoding.UTF8.GetBytes($"{leases.Key.NetworkId}\n{leases.Key.SegmentId}", record[length..]);
        buffer.Add(record[..length]);
    }

    private static int Format(Span<byte> record, LeaseTable table, LeaseRecord lease)
    {
        var flags = (lease.MacAddress is null ? 0 : MacFlag) | (lease.State == LeaseState.Declined ? DeclinedFlag : 0);
        FormatKey(record, PutRecord, table, lease.Address, (byte)flags);
        var length = KeySize;
        BinaryPrimitives.WriteInt64LittleEndian(record[length..], lease.NotedUntil);
        length += sizeof(long);
        lease.MacAddress?.CopyTo(record[length..]);
        length += MacSize;
        BinaryPrimitives.WriteUInt16LittleEndian(record[length..], (ushort)lease.Client.Length);
        length += sizeof(ushort);
        lease.Client.CopyTo(record[length..]);
        length += lease.Client.Length;
        _ = Encoding.UTF8.TryGetBytes(lease.Hostname ?? "", record.Slice(length + 1, MaxHostname), out var nameLength);
        record[length] = (byte)nameLength;
        return length + 1 + nameLength;
    }

    private static void FormatKey(Span<byte> record, byte type, LeaseTable table, UInt128 address, byte flags)
    {
        record[0] = type;
        BinaryPrimitives.WriteInt32LittleEndian(record[1..], table.ServerId);
        record[5] = (byte)(flags | (table.IsIPv6 ? IPv6Flag : 0));
        BinaryPrimitives.WriteUInt128LittleEndian(record[6..], address);
    }

    private bool ReplayPut(ReadOnlySpan<byte> record)
    {
        const int fixedSize = KeySize + sizeof(long) + MacSize + sizeof(ushort);
        if (record.Length <= fixedSize || FindTable(record) is not { } table)
        {
            return false;
        }

        var clientLength = BinaryPrimitives.ReadUInt16LittleEndian(record[(fixedSize - sizeof(ushort))..]);
        if (clientLength > ClientKey.MaxLength || record.Length <= fixedSize + clientLength
            || record.Length != fixedSize + clientLength + 1 + record[fixedSize + clientLength])
        {
            return false;
        }

        var flags = record[5];
        var name = record[(fixedSize + clientLength + 1)..];
        var lease = table.Set(
            ReadAddress(record),
            record.Slice(fixedSize, clientLength),
            (flags & MacFlag) != 0 ? new MacAddress(record.Slice(KeySize + sizeof(long), MacSize)) : null,
            name.IsEmpty ? null : Encoding.UTF8.GetString(name),
            BinaryPrimitives.ReadInt64LittleEndian(record[KeySize..]),
            (flags & DeclinedFlag) != 0 ? LeaseState.Declined : LeaseState.Bound);

        // It may have been read from the page cache alone, after a crash of this process: the next durable commit makes it sure.
        (lease.NotedUntil, lease.NotedIn, lease.DurableUntil) = (lease.ExpiresAt, _batch, 0);
        return true;
    }

    private bool ReplayServer(ReadOnlySpan<byte> record)
    {
        if (record.Length <= 1 + sizeof(int) || Encoding.UTF8.GetString(record[(1 + sizeof(int))..]).Split('\n') is not [var network, var segment])
        {
            return false;
        }

        if (!NetworkId.TryParse(network, null, out var networkId))
        {
            return false;
        }

        SegmentId? segmentId = SegmentId.TryParse(segment, null, out var parsed) ? parsed : null;
        var id = ReadId(record);
        _ = _byId.TryGetValue(id, out var known);
        if (known is null || known.Key != new ServerKey(networkId, segmentId))
        {
            _ = Add(new(networkId, segmentId), id);
        }

        return true;
    }

    private bool ReplayForget(int id)
    {
        if (_byId.Remove(id, out var leases))
        {
            _ = _servers.Remove(leases.Key);
        }

        return true;
    }

    private bool ReplayStep(long step)
    {
        MoveEnds(step);
        return true;
    }

    private LeaseTable? FindTable(ReadOnlySpan<byte> record) =>
        _byId.TryGetValue(ReadId(record), out var leases) ? (record[5] & IPv6Flag) != 0 ? leases.IPv6 : leases.IPv4 : null;

    private static int ReadId(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record[1..]);

    private static UInt128 ReadAddress(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt128LittleEndian(record[6..]);
}
