using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>Decides the addresses of an association: those reserved for the port, else those that it has, else one from a pool.</summary>
internal sealed class V6Assigner(V6Model model, IV6Bindings bindings)
{
    // A pool may have 2^64 addresses: what is not found in so many steps is taken for exhausted.
    private const int MaxProbes = 1 << 16;

    private readonly List<V6Binding> _held = [];
    private readonly HashSet<UInt128> _taken = [];

    /// <summary>Begins a message: what one of its associations was given, no other one of them gets.</summary>
    public void Begin() => _taken.Clear();

    /// <summary>Adds the addresses; none where there is none to give.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="association">For which association.</param>
    /// <param name="now">Time.</param>
    /// <param name="found">Where to.</param>
    public void Assign(in V6Client client, Dhcpv6IdentityAssociation association, DateTimeOffset now, List<(UInt128 Address, V6Subnet Subnet)> found)
    {
        AddReserved(client, association.Iaid, now, found);
        if (found.Count == 0)
        {
            AddHeld(client, association.Iaid, now, found);
        }

        if (found.Count == 0 && bindings.Count < model.MaxLeases)
        {
            AddFromPool(client, association, now, found);
        }

        foreach (var (address, _) in found)
        {
            _ = _taken.Add(address);
        }
    }

    private void AddReserved(in V6Client client, uint iaid, DateTimeOffset now, List<(UInt128 Address, V6Subnet Subnet)> found)
    {
        foreach (var address in client.Reservation?.Addresses ?? [])
        {
            // Whoever else had it, it is this port's now; a second association of the same client does not take it from the first.
            var isOfAnotherAssociation = bindings.Find(address) is { } held && held.IsLive(now) && held.IsOf(client.Duid) && held.Iaid != iaid;
            if (!isOfAnotherAssociation
                && !_taken.Contains(address)
                && model.FindSubnet(address) is { } subnet
                && client.Reaches(subnet)
                && !bindings.IsQuarantined(address, now))
            {
                found.Add((address, subnet));
            }
        }
    }

    private void AddHeld(in V6Client client, uint iaid, DateTimeOffset now, List<(UInt128 Address, V6Subnet Subnet)> found)
    {
        _held.Clear();
        bindings.Find(client.Duid, iaid, _held);
        foreach (var binding in _held)
        {
            if (model.FindSubnet(binding.Address) is { GivesAddresses: true } subnet
                && client.Reaches(subnet) && IsFree(subnet, binding.Address, client.Duid, iaid, now))
            {
                found.Add((binding.Address, subnet));
            }
        }
    }

    private void AddFromPool(in V6Client client, Dhcpv6IdentityAssociation association, DateTimeOffset now, List<(UInt128 Address, V6Subnet Subnet)> found)
    {
        foreach (var option in association.Options)
        {
            if (Dhcpv6IdentityAssociation.TryGetAddress(option, out var bytes) && V6Address.Read(bytes) is var wish
                    && model.FindSubnet(wish) is { GivesAddresses: true } subnet
                    && client.Reaches(subnet)
                    && IsFree(subnet, wish, client.Duid, association.Iaid, now))
            {
                found.Add((wish, subnet));
                return;
            }
        }

        var hash = Hash(client.Duid, association.Iaid);
        foreach (var subnet in model.Subnets)
        {
            if (subnet.GivesAddresses && client.Reaches(subnet) && Probe(subnet, hash, client.Duid, association.Iaid, now) is { } address)
            {
                found.Add((address, subnet));
                return;
            }
        }
    }

    private UInt128? Probe(V6Subnet subnet, ulong hash, ReadOnlySpan<byte> duid, uint iaid, DateTimeOffset now)
    {
        foreach (var (first, last) in subnet.Pools)
        {
            // A pool of all 2^128 addresses would make its size 0: one less does no harm.
            var size = last - first == UInt128.MaxValue ? UInt128.MaxValue : last - first + 1;
            var start = hash % size;
            var probes = size < MaxProbes ? (int)size : MaxProbes;
            for (var i = 0; i < probes; i++)
            {
                var address = first + ((start + (UInt128)i) % size);
                if (IsFree(subnet, address, duid, iaid, now))
                {
                    return address;
                }
            }
        }

        return null;
    }

    private bool IsFree(V6Subnet subnet, UInt128 address, ReadOnlySpan<byte> duid, uint iaid, DateTimeOffset now) =>
        subnet.IsDynamic(address)
        && !model.Reserved.ContainsKey(address)
        && (bindings.Find(address) is not { } held || (held.IsOf(duid) && held.Iaid == iaid) || !held.IsLive(now))
        && !_taken.Contains(address)
        && !bindings.IsQuarantined(address, now);

    /// <summary>FNV-1a: a client finds the same place again after its binding is forgotten.</summary>
    private static ulong Hash(ReadOnlySpan<byte> duid, uint iaid)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in duid)
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        for (var shift = 0; shift < 32; shift += 8)
        {
            hash = (hash ^ (byte)(iaid >> shift)) * 1099511628211UL;
        }

        return hash;
    }
}
