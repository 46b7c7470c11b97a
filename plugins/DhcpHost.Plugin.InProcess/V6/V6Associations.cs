using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>Answers the associations of a message, and keeps the bindings that follow from it.</summary>
internal sealed class V6Associations(V6Model model, IV6Bindings bindings, V6Assigner assigner)
{
    // How long an address that a client found in use is given to nobody: as long as dnsmasq's DECLINE_BACKOFF.
    private static readonly TimeSpan DeclineTime = TimeSpan.FromMinutes(10);

    private readonly List<(UInt128 Address, V6Subnet Subnet)> _found = [];

    /// <summary>An address was refused in the last <see cref="Write"/>: its lifetimes were set to zero.</summary>
    public bool HasRefused { get; private set; }

    /// <summary>Writes what each association gets, and binds it.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="isCommitted">Whether the addresses are bound now, not only offered.</param>
    /// <param name="now">Time.</param>
    /// <param name="writer">Where to.</param>
    /// <returns>The subnet of the first address; <c>null</c> where none was given.</returns>
    public V6Subnet? Write(in V6Client client, bool isCommitted, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        HasRefused = false;
        V6Subnet? first = null;
        foreach (var option in client.Message.Options)
        {
            if (option.Code is Dhcpv6OptionCode.IaTa or Dhcpv6OptionCode.IaPd)
            {
                WriteNone(option, ref writer);
            }
            else if (option.Code == Dhcpv6OptionCode.IaNa && Dhcpv6IdentityAssociation.TryParse(option, out var association))
            {
                first = WriteAddresses(client, association, isCommitted, now, ref writer) ?? first;
            }
        }

        return first;
    }

    /// <summary>Ends the bindings that a Release or Decline names, and says which associations nobody knows.</summary>
    public void Return(in V6Client client, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        foreach (var option in client.Message.Options)
        {
            if (option.Code != Dhcpv6OptionCode.IaNa || !Dhcpv6IdentityAssociation.TryParse(option, out var association))
            {
                continue;
            }

            var isKnown = false;
            foreach (var inner in association.Options)
            {
                if (Dhcpv6IdentityAssociation.TryGetAddress(inner, out var bytes) && V6Address.Read(bytes) is var address
                    && bindings.Find(address) is { } held && held.IsOf(client.Duid) && held.Iaid == association.Iaid)
                {
                    isKnown = true;
                    bindings.Remove(address);
                    if (client.Message.Type == Dhcpv6MessageType.Decline)
                    {
                        bindings.Quarantine(address, client.Mac, now + DeclineTime);
                    }
                }
            }

            if (!isKnown)
            {
                var start = writer.BeginAssociation(Dhcpv6OptionCode.IaNa, association.Iaid, 0, 0);
                writer.WriteStatus(Dhcpv6Status.NoBinding, "no such binding");
                writer.EndOption(start);
            }
        }
    }

    private V6Subnet? WriteAddresses(in V6Client client, Dhcpv6IdentityAssociation association, bool isCommitted, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        _found.Clear();
        assigner.Assign(client, association, now, _found);
        var lease = _found.Count > 0 ? _found.Min(item => Seconds(item.Subnet.LeaseTime)) : 0;
        var start = writer.BeginAssociation(Dhcpv6OptionCode.IaNa, association.Iaid, Renewal(lease), Rebinding(lease));
        Span<byte> address = stackalloc byte[16];
        foreach (var (number, subnet) in _found)
        {
            var seconds = Seconds(subnet.LeaseTime);
            V6Address.Write(number, address);
            writer.WriteAddress(address, seconds, seconds);
            var binding = MakeBinding(client, association.Iaid, number, subnet, now);
            if (isCommitted)
            {
                bindings.Put(binding);
            }
            else
            {
                bindings.Prepare(binding);
            }
        }

        var hasRefused = client.Message.Type is Dhcpv6MessageType.Renew or Dhcpv6MessageType.Rebind && WriteRefused(association, ref writer);
        HasRefused |= hasRefused;
        if (_found.Count == 0 && !hasRefused)
        {
            WriteFailure(client.Message.Type, ref writer);
        }

        writer.EndOption(start);
        return _found.Count > 0 ? _found[0].Subnet : null;
    }

    private V6Binding MakeBinding(in V6Client client, uint iaid, UInt128 address, V6Subnet subnet, DateTimeOffset now)
    {
        var held = bindings.Find(address);
        var duid = held is not null && held.IsOf(client.Duid) ? held.Duid : client.Duid.ToArray();
        var fqdn = client.Reservation?.Fqdn;
        return new(
            address,
            duid,
            iaid,
            client.Mac,
            string.IsNullOrEmpty(fqdn) ? null : fqdn,
            subnet.LeaseTime == Timeout.InfiniteTimeSpan ? null : now + subnet.LeaseTime);
    }

    /// <summary>What the client has and may not keep gets no more time (RFC 8415 sections 18.3.4 and 18.3.5).</summary>
    private bool WriteRefused(Dhcpv6IdentityAssociation association, ref Dhcpv6Writer writer)
    {
        var hasRefused = false;
        foreach (var option in association.Options)
        {
            if (!Dhcpv6IdentityAssociation.TryGetAddress(option, out var bytes))
            {
                continue;
            }

            var address = V6Address.Read(bytes);
            if (!_found.Exists(item => item.Address == address) && (_found.Count > 0 || !model.IsOnLink(address) || model.Reserved.ContainsKey(address)))
            {
                writer.WriteAddress(bytes, 0, 0);
                hasRefused = true;
            }
        }

        return hasRefused;
    }

    private static void WriteFailure(Dhcpv6MessageType type, ref Dhcpv6Writer writer)
    {
        if (type is Dhcpv6MessageType.Renew or Dhcpv6MessageType.Rebind)
        {
            writer.WriteStatus(Dhcpv6Status.NoBinding, "no such binding");
        }
        else
        {
            writer.WriteStatus(Dhcpv6Status.NoAddressesAvailable, "no address is free");
        }
    }

    private static void WriteNone(Dhcpv6Option option, ref Dhcpv6Writer writer)
    {
        if (Dhcpv6IdentityAssociation.TryParse(option, out var association))
        {
            var start = writer.BeginAssociation(option.Code, association.Iaid, 0, 0);
            writer.WriteStatus(
                option.Code == Dhcpv6OptionCode.IaPd ? Dhcpv6Status.NoPrefixAvailable : Dhcpv6Status.NoAddressesAvailable, "none is given here");
            writer.EndOption(start);
        }
    }

    private uint Renewal(uint lease) => lease is 0 or Dhcpv6Constants.Infinity
        ? lease
        : model.RenewalTime is { } time
        ? Math.Min(lease, Seconds(time))
        : lease / 2;

    private uint Rebinding(uint lease) => lease is 0 or Dhcpv6Constants.Infinity ? lease
        : model.RebindingTime is { } time ? Math.Min(lease, Seconds(time)) : (uint)(lease * 4UL / 5);

    private static uint Seconds(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? Dhcpv6Constants.Infinity : (uint)Math.Clamp(time.TotalSeconds, 1, Dhcpv6Constants.Infinity - 1);
}
