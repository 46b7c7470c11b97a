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

    // The batch that is gathered, and the last one that is known to be on the disk.
    private long _batch = 1;
    private long _durable;

    /// <summary>Notes a lease.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="lease">The lease as it is now.</param>
    /// <param name="isSame">It was so before, but for its end.</param>
    /// <returns>Whether the disk does not hold it to its end yet.</returns>
    internal bool Note(LeaseTable table, LeaseRecord lease, bool isSame)
    {
        var held = isSame ? HeldUntil(lease) : 0;
        var isHeld = Failure is null && lease.ExpiresAt <= held;
        var time = Math.Max(0, lease.ExpiresAt - Now);
        if (isHeld && (lease.NotedUntil == lease.ExpiresAt
            ? lease.ExpiresAt == LeaseRecord.Never || lease.State == LeaseState.Declined
            : lease.NotedUntil - lease.ExpiresAt is var ahead && ahead >= time * MinAdvance && ahead <= time))
        {
            return false;
        }

        lease.NotedUntil = lease.ExpiresAt == LeaseRecord.Never || lease.State == LeaseState.Declined ? lease.ExpiresAt : lease.ExpiresAt + (long)(time * Advance);
        lease.DurableUntil = Math.Min(held, lease.NotedUntil);
        lease.NotedIn = _batch;
        AddLease(table, lease);
        return !isHeld;
    }

    /// <summary>The end that is on the disk.</summary>
    private long HeldUntil(LeaseRecord lease) => lease.NotedIn <= _durable ? lease.NotedUntil : lease.DurableUntil;

    /// <summary>Notes the ends that clients were told: nothing is given from here on, so the next start need not keep addresses for longer.</summary>
    private void NoteEnds()
    {
        foreach (var leases in _servers.Values)
        {
            foreach (var table in (ReadOnlySpan<LeaseTable>)[leases.IPv4, leases.IPv6])
            {
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
