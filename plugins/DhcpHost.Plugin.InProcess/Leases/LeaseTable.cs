using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// The addresses of one family that are taken on one network. Every change is noted in the store's journal; a reply that depends on it leaves
/// only after the commit. Belongs to the loop's thread.
/// </summary>
internal sealed partial class LeaseTable
{
    private readonly LeaseStore _store;
    private readonly Dictionary<UInt128, LeaseRecord> _byAddress = [];
    private readonly Dictionary<byte[], LeaseRecord> _byClient = new(ClientKeyComparer.Instance);
    private readonly Dictionary<byte[], LeaseRecord>.AlternateLookup<ReadOnlySpan<byte>> _byClientSpan;

    public LeaseTable(LeaseStore store, int serverId, bool isIPv6)
    {
        _store = store;
        ServerId = serverId;
        IsIPv6 = isIPv6;
        _byClientSpan = _byClient.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The network's number in the journal.</summary>
    public int ServerId { get; }

    public bool IsIPv6 { get; }

    /// <summary>All of them, expired ones that were not swept yet included.</summary>
    public IReadOnlyCollection<LeaseRecord> All => _byAddress.Values;

    public int Count => _byAddress.Count;

    /// <summary>The write that what is noted now will be in.</summary>
    public long Gathering => _store.Gathering;

    /// <summary>How often an address became free.</summary>
    public long Removals { get; private set; }

    /// <summary>What an address is taken by, expired or not.</summary>
    public LeaseRecord? Find(UInt128 address) => _byAddress.GetValueOrDefault(address);

    /// <summary>The first lease of a client, expired or not; the others follow by <see cref="LeaseRecord.NextOfClient"/>.</summary>
    public LeaseRecord? FindClient(ReadOnlySpan<byte> client) => _byClientSpan.TryGetValue(client, out var record) ? record : null;

    /// <summary>Gives an address to a client, or renews it; whoever had it before has it no more.</summary>
    /// <returns>The write after which the disk holds this lease to its end, before which nobody may be told; 0 where it holds it already.</returns>
    public long Bind(
        UInt128 address, ReadOnlySpan<byte> client, MacAddress? mac, string? hostname, long expiresAt, LeaseState state = LeaseState.Bound)
    {
        TakePrepared(address, client);
        var isSame = _byAddress.TryGetValue(address, out var known) && known.State == state && known.MacAddress == mac && known.Hostname == hostname
            && client.SequenceEqual(known.Client);
        var record = Set(address, client, mac, hostname, expiresAt, state);
        return _store.Note(this, record, isSame);
    }

    /// <summary>Frees an address. False where it was free.</summary>
    public bool Remove(UInt128 address)
    {
        if (!Take(address))
        {
            return false;
        }

        _store.NoteRemove(this, address);
        return true;
    }

    /// <summary>Forgets what expired before a time.</summary>
    public void Sweep(long now)
    {
        foreach (var (address, record) in _byAddress)
        {
            if (!record.IsActive(now))
            {
                // A dictionary may lose items while it is gone through. What the journal has as expired, too, is so at the next start.
                _ = Take(address);
                if (record.NotedUntil > now)
                {
                    _store.NoteRemove(this, address);
                }
            }
        }
    }

    /// <summary>As <see cref="Bind"/>, without a note: for what was read from the journal.</summary>
    internal LeaseRecord Set(UInt128 address, ReadOnlySpan<byte> client, MacAddress? mac, string? hostname, long expiresAt, LeaseState state)
    {
        if (_byAddress.TryGetValue(address, out var record) && !client.SequenceEqual(record.Client))
        {
            Unlink(record);
            record.Client = client.ToArray();
            Link(record);
        }
        else if (record is null)
        {
            _byAddress.Add(address, record = new() { Address = address, Client = client.ToArray() });
            Link(record);
        }

        record.MacAddress = mac;
        record.Hostname = hostname;
        record.ExpiresAt = expiresAt;
        record.State = state;
        return record;
    }

    /// <summary>As <see cref="Remove"/>, without a note.</summary>
    internal bool Take(UInt128 address)
    {
        if (!_byAddress.Remove(address, out var record))
        {
            return false;
        }

        Removals++;
        Unlink(record);
        return true;
    }

    private void Link(LeaseRecord record)
    {
        if (record.Client.Length > 0)
        {
            record.NextOfClient = _byClient.GetValueOrDefault(record.Client);
            _byClient[record.Client] = record;
        }
    }

    private void Unlink(LeaseRecord record)
    {
        if (!_byClient.TryGetValue(record.Client, out var first))
        {
            return;
        }

        if (first != record)
        {
            var before = first;
            while (before.NextOfClient != record)
            {
                before = before.NextOfClient!;
            }

            before.NextOfClient = record.NextOfClient;
        }
        else if (record.NextOfClient is { } next)
        {
            _byClient[record.Client] = next;
        }
        else
        {
            _ = _byClient.Remove(record.Client);
        }

        record.NextOfClient = null;
    }
}
