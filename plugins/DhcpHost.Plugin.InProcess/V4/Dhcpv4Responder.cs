using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V4;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>
/// Answers one network's DHCPv4 messages (RFC 2131 section 4.3): takes octets, gives octets and where they go, notes leases. It knows no sockets.
/// </summary>
internal sealed class Dhcpv4Responder(LeaseTable leases, Func<long> clock, Dhcpv4Settings settings)
{
    private const byte BootRequest = 1;
    private const byte HardwareEthernet = 1;
    private const int MacLength = 6;
    private const uint MinRequestedLease = 120;
    private const byte LinkSelection = 5;

    private readonly OfferTable _offers = new();
    private AddressPicker? _picker;

    /// <summary>Asked whether an address of a pool may be offered now; false leaves the DISCOVER without an answer. Not set: it may.</summary>
    public Func<Dhcpv4Subnet, uint, bool>? MayOffer { get; set; }

    private AddressPicker Picker => _picker ??= new(leases, _offers);

    /// <summary>Answers a message.</summary>
    /// <param name="model">What is served.</param>
    /// <param name="packet">The UDP payload.</param>
    /// <param name="source">Who sent it; 0 for a client without an address.</param>
    /// <param name="destination">The address that it was sent to.</param>
    /// <param name="buffer">Room for the reply.</param>
    /// <returns>What was written and where it goes; <c>default</c> for no reply.</returns>
    public Dhcpv4Reply Respond(Dhcpv4Model model, ReadOnlySpan<byte> packet, uint source, uint destination, Span<byte> buffer)
    {
        if (!Dhcpv4Reader.TryRead(packet, stackalloc byte[Dhcpv4Reader.WorkspaceSize], out var request) || request.Op != BootRequest)
        {
            return default;
        }

        if (FindWire(model, request, source) is not { Length: > 0 } wire)
        {
            return default;
        }

        Span<byte> key = stackalloc byte[ClientKey.MaxLength];
        if (!TryIdentify(model, request, wire, key, out var client))
        {
            return default;
        }

        TakeInherited(client);
        var reply = new Dhcpv4Composer(model, packet, source, destination, buffer);
        return request.MessageType switch
        {
            Dhcpv4MessageType.Discover => Discover(model, request, client, reply),
            Dhcpv4MessageType.Request => Request(model, request, client, reply),
            Dhcpv4MessageType.Decline => Decline(model, request, client),
            Dhcpv4MessageType.Release => Release(model, request, client),
            Dhcpv4MessageType.Inform => Inform(request, client, reply),
            _ => default,
        };
    }

    /// <summary>Takes away the leases that a changed model does not allow any more.</summary>
    public void Prune(Dhcpv4Model model)
    {
        foreach (var lease in leases.All.Where(lease => !model.Allows(lease)).ToList())
        {
            _ = leases.Remove(lease.Address);
        }
    }

    /// <summary>Nobody gets an address for a while: somebody was found to have it who should not.</summary>
    public void Quarantine(uint address)
    {
        _offers.Remove(address);
        _ = leases.Bind(address, [], null, null, clock() + (long)settings.DeclineQuarantine.TotalMilliseconds, LeaseState.Declined);
    }

    private static Dhcpv4Subnet[]? FindWire(Dhcpv4Model model, scoped Dhcpv4Reader request, uint source)
    {
        var relay = request.GiAddr;
        if (relay == 0)
        {
            // Who got an address through a relay renews it without one.
            return request.CiAddr != 0 && request.CiAddr == source && model.FindSubnet(source) is { IsLocal: false } far ? far.Wire : model.LocalSubnets;
        }

        // The link may be told apart from the relay's address (RFC 3527), or the subnet be chosen by the client (RFC 3011).
        var link = relay;
        if (request.TryGet(Dhcpv4OptionCode.RelayAgentInformation, out var information))
        {
            for (; information.Length >= 2 && information.Length >= 2 + information[1]; information = information[(2 + information[1])..])
            {
                if (information[0] == LinkSelection && information[1] == sizeof(uint))
                {
                    link = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(information[2..]);
                }
            }
        }
        else if (request.TryGetUInt32(Dhcpv4OptionCode.SubnetSelection, out var selected))
        {
            link = selected;
        }

        return model.FindSubnet(link)?.Wire;
    }

    private static bool TryIdentify(Dhcpv4Model model, scoped Dhcpv4Reader request, Dhcpv4Subnet[] wire, Span<byte> buffer, out Dhcpv4Client client)
    {
        client = default;
        var hardware = request.ChAddr;
        MacAddress? mac = request.HType == HardwareEthernet && hardware.Length == MacLength ? new(hardware) : null;
        _ = request.TryGet(Dhcpv4OptionCode.ClientIdentifier, out var id);
        if (id.Length > byte.MaxValue || (id.IsEmpty && hardware.IsEmpty))
        {
            return false;
        }

        Reservation? reservation = null;
        if (model.FindReservations(id, mac) is { } candidates)
        {
            reservation = candidates[0];
            for (var i = 1; i < candidates.Count && !reservation.HasAddressOn(wire); i++)
            {
                reservation = candidates[i].HasAddressOn(wire) ? candidates[i] : reservation;
            }
        }

        var tags = (reservation is null ? ClientTags.None : ClientTags.Known)
            | (request.Has(Dhcpv4OptionCode.IPxe) ? ClientTags.IPxe : ClientTags.None)
            | (request.TryGet(Dhcpv4OptionCode.UserClass, out var user) && user.IndexOf("iPXE"u8) >= 0 ? ClientTags.IPxeUserClass : ClientTags.None);
        client = new()
        {
            Key = id.IsEmpty || reservation?.IgnoresClientId == true
                ? ClientKey.OfHardware(request.HType, hardware, buffer)
                : ClientKey.OfIdentifier(id, buffer),
            Mac = mac,
            Reservation = reservation,
            Tags = tags,
            Wire = wire,
        };
        return true;
    }

    /// <summary>
    /// A client that a server before this one knew by its hardware address alone has come: its lease is known by what it says of itself from now on.
    /// </summary>
    private void TakeInherited(scoped Dhcpv4Client client)
    {
        if (client.Mac is not { } mac || leases.FindClient(client.Key) is not null)
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[ClientKey.MaxLength];
        while (leases.FindClient(ClientKey.OfInherited(mac, buffer)) is { } lease)
        {
            _ = leases.Bind(lease.Address, client.Key, mac, lease.Hostname, lease.ExpiresAt);
        }
    }

    private Dhcpv4Reply Discover(Dhcpv4Model model, scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Composer reply)
    {
        var now = clock();
        _ = request.TryGetUInt32(Dhcpv4OptionCode.RequestedIpAddress, out var wanted);
        if (Picker.Pick(model, client, wanted, now) is not { } found)
        {
            return default;
        }

        if (MayOffer is not null && client.FindReserved(found.Address) is null && leases.Find(found.Address)?.IsActive(now) != true
            && !MayOffer(found.Subnet, found.Address))
        {
            // Nobody else is offered it while it is asked for.
            _offers.Add(found.Address, client.Key, now);
            return default;
        }

        if (settings.AllowsRapidCommit && request.Has(Dhcpv4Composer.RapidCommit))
        {
            return Acknowledge(request, client, found.Subnet, found.Address, now, reply);
        }

        if (client.FindReserved(found.Address) is null && leases.Find(found.Address)?.IsActive(now) != true)
        {
            // What is a port's or a client's already, nobody else is offered anyway.
            _offers.Add(found.Address, client.Key, now);
        }

        var time = LeaseTime(request, found.Subnet);
        if (leases.Find(found.Address) is null)
        {
            leases.Prepare(found.Address, client.Key, client.Mac, FindHostname(request, client, found.Address, known: null), EndOf(time, now));
        }

        return reply.Lease(Dhcpv4MessageType.Offer, request, client, found.Subnet, found.Address, time, after: 0);
    }

    private Dhcpv4Reply Request(Dhcpv4Model model, scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Composer reply)
    {
        var now = clock();
        var hasServer = request.TryGetUInt32(Dhcpv4OptionCode.ServerIdentifier, out var server);
        var address = request.TryGetUInt32(Dhcpv4OptionCode.RequestedIpAddress, out var requested) ? requested : request.CiAddr;
        if (hasServer && !IsOwn(model, server))
        {
            // It took another server's offer.
            if (_offers.IsOffered(address, client.Key, now))
            {
                _offers.Remove(address);
                leases.Withdraw(address);
            }

            return default;
        }

        if (address == 0)
        {
            return default;
        }

        if (Picker.Check(model, client, address, hasServer || settings.IsAuthoritative, now) is { } subnet)
        {
            return Acknowledge(request, client, subnet, address, now, reply);
        }

        // Who is nobody's here may be another server's client; but an address of another wire is wrong whoever asks (RFC 2131 section 4.3.2).
        var isWrong = hasServer || settings.IsAuthoritative || client.FindSubnet(address) is null || Picker.IsKnown(client, now);
        return isWrong ? reply.Refuse(request, client, hasServer ? "the address is not available" : "the address is not this client's") : default;
    }

    private Dhcpv4Reply Acknowledge(
        scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Subnet subnet, uint address, long now, Dhcpv4Composer reply)
    {
        var time = LeaseTime(request, subnet);
        _offers.Remove(address);
        var known = leases.Find(address);
        var after = leases.Bind(address, client.Key, client.Mac, FindHostname(request, client, address, known), EndOf(time, now));
        if (known is null)
        {
            RemoveOthers(client, address);
        }

        return reply.Lease(Dhcpv4MessageType.Ack, request, client, subnet, address, time, after);
    }

    /// <summary>A client has one lease on a wire.</summary>
    private void RemoveOthers(scoped Dhcpv4Client client, uint address)
    {
        for (var lease = leases.FindClient(client.Key); lease is not null;)
        {
            var next = lease.NextOfClient;
            if (lease.Address != address && client.FindSubnet((uint)lease.Address) is not null)
            {
                _ = leases.Remove(lease.Address);
            }

            lease = next;
        }
    }

    private Dhcpv4Reply Decline(Dhcpv4Model model, scoped Dhcpv4Reader request, scoped Dhcpv4Client client)
    {
        if (request.TryGetUInt32(Dhcpv4OptionCode.ServerIdentifier, out var server) && IsOwn(model, server)
            && request.TryGetUInt32(Dhcpv4OptionCode.RequestedIpAddress, out var address)
            && leases.Find(address) is { State: LeaseState.Bound } lease && client.Key.SequenceEqual(lease.Client))
        {
            if (model.ByAddress.ContainsKey(address))
            {
                // Nobody else would get it anyway; its client finds out by itself when the conflict is over.
                _ = leases.Remove(address);
            }
            else
            {
                Quarantine(address);
            }
        }

        return default;
    }

    private Dhcpv4Reply Release(Dhcpv4Model model, scoped Dhcpv4Reader request, scoped Dhcpv4Client client)
    {
        if (request.TryGetUInt32(Dhcpv4OptionCode.ServerIdentifier, out var server) && !IsOwn(model, server))
        {
            return default;
        }

        if (leases.Find(request.CiAddr) is { State: LeaseState.Bound } lease && client.Key.SequenceEqual(lease.Client))
        {
            _ = leases.Remove(lease.Address);
        }

        return default;
    }

    private static Dhcpv4Reply Inform(scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Composer reply)
    {
        var address = request.CiAddr;
        return client.FindSubnet(address) is { } subnet ? reply.Inform(request, client, subnet, address) : default;
    }

    private static bool IsOwn(Dhcpv4Model model, uint address) => model.OwnAddresses.AsSpan().Contains(address);

    private static long EndOf(uint leaseTime, long now) => leaseTime == Dhcpv4Subnet.Infinite ? LeaseRecord.Never : now + (leaseTime * 1000L);

    private static uint LeaseTime(scoped Dhcpv4Reader request, Dhcpv4Subnet subnet) =>
        request.TryGetUInt32(Dhcpv4OptionCode.LeaseTime, out var wanted) ? Math.Min(Math.Max(wanted, MinRequestedLease), subnet.LeaseTime) : subnet.LeaseTime;

    /// <summary>The name of the port, else the one that the client gives itself.</summary>
    private static string? FindHostname(scoped Dhcpv4Reader request, scoped Dhcpv4Client client, uint address, LeaseRecord? known)
    {
        if (client.FindReserved(address) is { } reserved && reserved.Address == address)
        {
            return reserved.Hostname;
        }

        if (!request.TryGet(Dhcpv4OptionCode.HostName, out var name) || !HostNameGrammar.IsName(name))
        {
            return null;
        }

        return known?.Hostname is { } before && before.Length == name.Length && Ascii.Equals(name, before) ? before : Encoding.ASCII.GetString(name);
    }
}
