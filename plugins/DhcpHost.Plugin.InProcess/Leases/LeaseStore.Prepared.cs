namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// Leases that were offered and not asked for yet, noted ahead: by the time that their clients ask for them, the disk mostly holds them already.
/// There is a bound to them, so that clients who only ever ask for offers cost the disk next to nothing.
/// </summary>
internal sealed partial class LeaseStore
{
    private const int MaxPrepared = 1024;
    private const long Patience = 10_000;
    private const long SweepPause = 1_000;

    private int _prepared;
    private long _sweptPrepared;

    /// <summary>Whether one more lease may be noted ahead.</summary>
    internal bool MayPrepare()
    {
        if (Failure is not null)
        {
            return false;
        }

        if (_prepared >= MaxPrepared && Math.Abs(Now - _sweptPrepared) >= SweepPause)
        {
            SweepPrepared();
        }

        return _prepared < MaxPrepared;
    }

    /// <summary>Notes a lease ahead; its end is the one that its client would be told now.</summary>
    internal void NotePrepared(LeaseTable table, LeaseRecord lease)
    {
        Promise(lease, held: 0);
        lease.ExpiresAt = Now + Patience;
        AddLease(table, lease);
        _prepared++;
        _isWanted = true;
    }

    /// <summary>The client of a lease that was noted ahead is offered it again. False where its end has come too near meanwhile.</summary>
    internal bool Extend(LeaseRecord lease, long end)
    {
        if (Failure is not null || !IsAhead(lease, end))
        {
            return false;
        }

        lease.ExpiresAt = Now + Patience;
        return true;
    }

    /// <summary>A lease that was noted ahead is none any more: it is its client's now, or nobody's.</summary>
    internal void ForgetPrepared() => _prepared--;

    private void SweepPrepared()
    {
        _sweptPrepared = Now;
        foreach (var leases in _servers.Values)
        {
            leases.IPv4.WithdrawPrepared(Now);
            leases.IPv6.WithdrawPrepared(Now);
        }
    }
}
