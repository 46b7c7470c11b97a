using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Finds an address for a client: its own, the one it had, the one it asks for, a free one of the pools.</summary>
internal sealed class AddressPicker(LeaseTable leases, OfferTable offers)
{
    private const long ExhaustionMemory = 1000;

    private long _exhaustedUntil;
    private long _exhaustedAtVersion;
    private Dhcpv4Subnet[]? _exhaustedWire;

    /// <summary>An address for a client that has none yet.</summary>
    public (Dhcpv4Subnet Subnet, uint Address)? Pick(Dhcpv4Model model, scoped Dhcpv4Client client, uint wanted, long now)
    {
        if (client.FindReserved(wanted) is { } reserved)
        {
            return (reserved.Subnet, reserved.Address);
        }

        for (var lease = leases.FindClient(client.Key); lease is not null; lease = lease.NextOfClient)
        {
            if (lease.State == LeaseState.Bound && FindDynamic(model, client, (uint)lease.Address) is { } known)
            {
                return (known, (uint)lease.Address);
            }
        }

        if (leases.Count >= model.MaxLeases)
        {
            return null;
        }

        if (wanted != 0 && FindDynamic(model, client, wanted) is { } subnet && IsFree(client, wanted, now))
        {
            return (subnet, wanted);
        }

        return Search(model, client, now);
    }

    /// <summary>
    /// The subnet on which a client may have this very address; <c>null</c> where it may not. One that it has no lease of only where that
    /// <paramref name="mayBeNew"/> and it is free.
    /// </summary>
    public Dhcpv4Subnet? Check(Dhcpv4Model model, scoped Dhcpv4Client client, uint address, bool mayBeNew, long now)
    {
        if (client.FindReserved(address) is { } reserved)
        {
            return reserved.Address == address ? reserved.Subnet : null;
        }

        if (FindDynamic(model, client, address) is not { } subnet)
        {
            return null;
        }

        if (leases.Find(address) is { } lease && client.Key.SequenceEqual(lease.Client))
        {
            return lease.State == LeaseState.Bound ? subnet : null;
        }

        return mayBeNew && leases.Count < model.MaxLeases && IsFree(client, address, now) ? subnet : null;
    }

    /// <summary>Whether the client has a place here: a port, or a lease that runs.</summary>
    public bool IsKnown(scoped Dhcpv4Client client, long now)
    {
        if (client.FindReserved(0) is not null)
        {
            return true;
        }

        for (var lease = leases.FindClient(client.Key); lease is not null; lease = lease.NextOfClient)
        {
            if (lease.IsActive(now) && client.FindSubnet((uint)lease.Address) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static Dhcpv4Subnet? FindDynamic(Dhcpv4Model model, scoped Dhcpv4Client client, uint address) =>
        client.FindSubnet(address) is { } subnet && subnet.IsDynamic(address) && !model.ByAddress.ContainsKey(address) && !model.Excluded.Contains(address)
            ? subnet
            : null;

    private bool IsFree(scoped Dhcpv4Client client, uint address, long now) =>
        leases.Find(address)?.IsActive(now) != true && !offers.IsTaken(address, client.Key, now);

    private (Dhcpv4Subnet Subnet, uint Address)? Search(Dhcpv4Model model, scoped Dhcpv4Client client, long now)
    {
        // A pool that is full is not searched again for every message of a flood.
        if (ReferenceEquals(_exhaustedWire, client.Wire) && now < _exhaustedUntil && _exhaustedAtVersion == leases.Removals)
        {
            return null;
        }

        var hash = Hash(client.Key);
        foreach (var subnet in client.Wire)
        {
            foreach (var (start, end) in subnet.Pools)
            {
                var size = (ulong)end - start + 1;
                for (ulong i = 0; i < size; i++)
                {
                    var address = start + (uint)((hash + i) % size);
                    if (!model.ByAddress.ContainsKey(address) && !model.Excluded.Contains(address) && IsFree(client, address, now))
                    {
                        return (subnet, address);
                    }
                }
            }
        }

        (_exhaustedWire, _exhaustedUntil, _exhaustedAtVersion) = (client.Wire, now + ExhaustionMemory, leases.Removals);
        return null;
    }

    /// <summary>The same for a client over restarts (FNV-1a), so that it finds its old address even where its lease was forgotten.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2_166_136_261;
        foreach (var octet in key)
        {
            hash = (hash ^ octet) * 16_777_619;
        }

        return hash;
    }
}
