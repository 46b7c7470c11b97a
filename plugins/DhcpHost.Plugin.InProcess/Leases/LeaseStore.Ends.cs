namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// What the journal promises for a client: a lease is noted with a later end than the client is told, so that the disk already holds it when it
/// is renewed, or its client asks again. Then the reply waits for nothing. After a crash the address is kept until that later end.
/// </summary>
internal sealed partial class LeaseStore
{
    // Enough for a renewal at half of the lease time, with an eighth to spare; noted anew, without a wait, when less than a quarter is left.
    private const double Advance = 0.625;
    private const double MinAdvance = 0.25;

    /// <summary>Notes a lease.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="lease">The lease as it is now.</param>
    /// <param name="isSame">It was so before, but for its end.</param>
    /// <returns>The write after which the disk holds it to its end; 0 where it does so already.</returns>
    internal long Note(LeaseTable table, LeaseRecord lease, bool isSame)
    {
        var isKept = isSame && Failure is null;
        var held = isKept ? HeldUntil(lease) : 0;
        var isHeld = lease.ExpiresAt <= held;
        if (isKept && IsAhead(lease, lease.ExpiresAt))
        {
            return isHeld ? 0 : lease.NotedIn;
        }

        Promise(lease, held);
        AddLease(table, lease);
        return isHeld ? 0 : lease.NotedIn;
    }

    /// <summary>The end that is on the disk.</summary>
    private long HeldUntil(LeaseRecord lease) => lease.NotedIn <= _durable ? lease.NotedUntil : lease.DurableUntil;

    /// <summary>Whether what was noted last is late enough for a lease to this end, and not too late.</summary>
    private bool IsAhead(LeaseRecord lease, long end)
    {
        if (lease.NotedUntil == end)
        {
            return end == LeaseRecord.Never || lease.State == LeaseState.Declined;
        }

        var time = Math.Max(0, end - Now);
        var ahead = lease.NotedUntil - end;
        return ahead >= time * MinAdvance && ahead <= time;
    }

    private void Promise(LeaseRecord lease, long held)
    {
        var isExact = lease.ExpiresAt == LeaseRecord.Never || lease.State == LeaseState.Declined;
        lease.NotedUntil = isExact ? lease.ExpiresAt : lease.ExpiresAt + (long)(Math.Max(0, lease.ExpiresAt - Now) * Advance);
        lease.DurableUntil = Math.Min(held, lease.NotedUntil);
        lease.NotedIn = _batch;
    }

    /// <summary>Notes the ends that clients were told: nothing is given from here on, so the next start need not keep addresses for longer.</summary>
    private void NoteEnds()
    {
        foreach (var leases in _servers.Values)
        {
            foreach (var table in (ReadOnlySpan<LeaseTable>)[leases.IPv4, leases.IPv6])
            {
                table.WithdrawPrepared(LeaseRecord.Never);
                foreach (var lease in table.All)
                {
                    if (lease.NotedUntil != lease.ExpiresAt)
                    {
                        lease.NotedUntil = lease.ExpiresAt;
                        AddLease(table, lease);
                    }
                }
            }
        }
    }

    private void AddLease(LeaseTable table, LeaseRecord lease)
    {
        Span<byte> record = stackalloc byte[MaxRecord];
        _journal.Add(record[..Format(record, table, lease)]);
    }
}
