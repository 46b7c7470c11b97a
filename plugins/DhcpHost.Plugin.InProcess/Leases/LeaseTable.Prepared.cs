using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>Leases that were offered, and noted ahead. They count for nothing until their clients ask for them.</summary>
internal sealed partial class LeaseTable
{
    private readonly Dictionary<UInt128, LeaseRecord> _prepared = [];

    /// <summary>What was noted ahead.</summary>
    public IReadOnlyCollection<LeaseRecord> Prepared => _prepared.Values;

    /// <summary>
    /// Notes ahead what <see cref="Bind"/> is about to say, of an address that was offered. Nobody waits for it; there may be no room for it.
    /// </summary>
    public void Prepare(UInt128 address, ReadOnlySpan<byte> client, MacAddress? mac, string? hostname, long expiresAt)
    {
        if (expiresAt == LeaseRecord.Never || _byAddress.ContainsKey(address))
        {
            return;
        }

        if (_prepared.TryGetValue(address, out var known))
        {
            if (known.MacAddress == mac && known.Hostname == hostname && client.SequenceEqual(known.Client) && _store.Extend(known, expiresAt))
            {
                return;
            }

            _ = _prepared.Remove(address);
            _store.ForgetPrepared();
        }
        else if (!_store.MayPrepare())
        {
            return;
        }

        var lease = new LeaseRecord { Address = address, Client = client.ToArray(), MacAddress = mac, Hostname = hostname, ExpiresAt = expiresAt };
        _prepared.Add(address, lease);
        _store.NotePrepared(this, lease);
    }

    /// <summary>Ends what was noted ahead of an address: its client does not want it.</summary>
    public void Withdraw(UInt128 address)
    {
        if (_prepared.Remove(address))
        {
            _store.ForgetPrepared();
            _store.NoteRemove(this, address);
        }
    }

    /// <summary>Ends what was noted ahead and not asked for until a time.</summary>
    public void WithdrawPrepared(long now)
    {
        foreach (var (address, lease) in _prepared)
        {
            if (!lease.IsActive(now))
            {
                Withdraw(address);
            }
        }
    }

    /// <summary>An address is given to a client: what was noted ahead is its lease, or is void with what is noted now.</summary>
    private void TakePrepared(UInt128 address, ReadOnlySpan<byte> client)
    {
        if (_prepared.Remove(address, out var lease))
        {
            _store.ForgetPrepared();
            if (client.SequenceEqual(lease.Client))
            {
                _byAddress.Add(address, lease);
                Link(lease);
            }
        }
    }
}
