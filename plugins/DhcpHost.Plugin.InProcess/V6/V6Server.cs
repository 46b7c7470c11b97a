using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>
/// Answers the DHCPv6 messages of one network (RFC 8415 section 18.3). It keeps no state but the bindings, and is called for one message at a time.
/// </summary>
internal sealed class V6Server
{
    private readonly V6Model _model;
    private readonly V6Assigner _assigner;
    private readonly V6Associations _associations;

    public V6Server(V6Model model, IV6Bindings bindings)
    {
        _model = model;
        _assigner = new(model, bindings);
        _associations = new(model, bindings, _assigner);
    }

    /// <summary>Answers a datagram.</summary>
    /// <param name="datagram">What came to port 547.</param>
    /// <param name="source">The sender's address, 16 bytes.</param>
    /// <param name="mac">The sender's MAC address, where the link tells it.</param>
    /// <param name="isMulticast">Whether it was sent to a multicast address.</param>
    /// <param name="now">Time.</param>
    /// <param name="reply">Where to write the answer.</param>
    /// <returns>
    /// The answer's length; 0 where none is due. It goes to the sender: to port 547 where it answers a relay agent (its first byte is
    /// <see cref="Dhcpv6MessageType.RelayReply"/>), to port 546 otherwise.
    /// </returns>
    public int Answer(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> source, MacAddress? mac, bool isMulticast, DateTimeOffset now, Span<byte> reply)
    {
        var writer = new Dhcpv6Writer(reply);
        var peer = new V6Peer { Mac = mac ?? V6Address.FindMac(source), IsMulticast = isMulticast };
        return Answer(datagram, 0, peer, now, ref writer) && !writer.HasFailed ? writer.Length : 0;
    }

    private bool Answer(ReadOnlySpan<byte> bytes, int hops, V6Peer peer, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        if (bytes.IsEmpty)
        {
            return false;
        }

        if (bytes[0] != (byte)Dhcpv6MessageType.RelayForward)
        {
            return Dhcpv6Message.TryParse(bytes, out var message) && AnswerClient(message, peer, now, ref writer);
        }

        if (hops >= Dhcpv6Constants.HopCountLimit || !Dhcpv6RelayMessage.TryParse(bytes, out var relay))
        {
            return false;
        }

        // The relay agent next to the client tells its link and its MAC address.
        var inner = new V6Peer
        {
            Mac = relay.Options.TryFind(Dhcpv6OptionCode.ClientLinkLayerAddress, out var layer) && layer is [0, 1, _, _, _, _, _, _]
                ? new MacAddress(layer[2..])
                : V6Address.FindMac(relay.PeerAddress),
            Link = V6Address.IsUnspecified(relay.LinkAddress) ? peer.Link : relay.LinkAddress,
            IsRelayed = true,
            IsMulticast = true,
        };
        writer.WriteRelayHeader(Dhcpv6MessageType.RelayReply, relay.HopCount, relay.LinkAddress, relay.PeerAddress);
        if (relay.Options.TryFind(Dhcpv6OptionCode.InterfaceId, out var interfaceId))
        {
            writer.WriteOption(Dhcpv6OptionCode.InterfaceId, interfaceId);
        }

        var start = writer.BeginOption(Dhcpv6OptionCode.RelayMessage);
        if (!Answer(relay.Relayed, hops + 1, inner, now, ref writer))
        {
            return false;
        }

        writer.EndOption(start);
        return true;
    }

    private bool AnswerClient(Dhcpv6Message message, V6Peer peer, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        _ = message.Options.TryFind(Dhcpv6OptionCode.ClientId, out var duid);
        var isForUs = message.Options.TryFind(Dhcpv6OptionCode.ServerId, out var serverId);
        if (!IsValid(message, duid, isForUs, isForUs && serverId.SequenceEqual(_model.ServerDuid)))
        {
            return false;
        }

        var client = new V6Client
        {
            Duid = duid,
            Mac = peer.Mac,
            Reservation = FindReservation(duid, peer.Mac),
            Link = peer.Link,
            IsIpxe = message.Options.TryFind(Dhcpv6OptionCode.UserClass, out var userClass) && userClass.EndsWith("iPXE"u8),
            Message = message,
        };
        if (!peer.Link.IsEmpty && !_model.IsOnLink(V6Address.Read(peer.Link)))
        {
            return false;
        }

        if (!peer.IsMulticast)
        {
            return AnswerUnicast(client, ref writer);
        }

        _assigner.Begin();
        return message.Type switch
        {
            Dhcpv6MessageType.Solicit => AnswerSolicit(client, now, ref writer),
            Dhcpv6MessageType.Request or Dhcpv6MessageType.Renew or Dhcpv6MessageType.Rebind => AnswerRequest(client, now, ref writer),
            Dhcpv6MessageType.Confirm => AnswerConfirm(client, ref writer),
            Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline => AnswerReturn(client, now, ref writer),
            _ => AnswerInformation(client, ref writer),
        };
    }

    /// <summary>RFC 8415 section 16: who must be named, and who must not.</summary>
    private static bool IsValid(Dhcpv6Message message, ReadOnlySpan<byte> duid, bool hasServer, bool isForUs)
    {
        var isKnown = duid.Length is >= Dhcpv6Constants.MinDuidLength and <= Dhcpv6Constants.MaxDuidLength;
        return message.Type switch
        {
            Dhcpv6MessageType.Solicit or Dhcpv6MessageType.Confirm or Dhcpv6MessageType.Rebind => isKnown && !hasServer,
            Dhcpv6MessageType.Request or Dhcpv6MessageType.Renew or Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline => isKnown && isForUs,
            Dhcpv6MessageType.InformationRequest => (duid.IsEmpty || isKnown) && (!hasServer || isForUs)
                    && !message.Options.Contains(Dhcpv6OptionCode.IaNa)
                    && !message.Options.Contains(Dhcpv6OptionCode.IaTa)
                    && !message.Options.Contains(Dhcpv6OptionCode.IaPd),
            _ => false,
        };
    }

    /// <summary>RFC 8415 section 18.4: this server never told a client that it may.</summary>
    private bool AnswerUnicast(in V6Client client, ref Dhcpv6Writer writer)
    {
        if (client.Message.Type is not (Dhcpv6MessageType.Request or Dhcpv6MessageType.Renew or Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline))
        {
            return false;
        }

        Begin(Dhcpv6MessageType.Reply, client, ref writer);
        writer.WriteStatus(Dhcpv6Status.UseMulticast, "send to ff02::1:2");
        return true;
    }

    private bool AnswerSolicit(in V6Client client, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        var isRapid = client.Message.Options.Contains(Dhcpv6OptionCode.RapidCommit);
        Begin(isRapid ? Dhcpv6MessageType.Reply : Dhcpv6MessageType.Advertise, client, ref writer);
        if (isRapid)
        {
            writer.WriteOption(Dhcpv6OptionCode.RapidCommit, []);
        }

        var subnet = _associations.Write(client, isRapid, now, ref writer);
        if (subnet is null)
        {
            return HasAssociations(client) && Finish(client, null, ref writer);
        }

        if (client.Reservation is not null && !isRapid)
        {
            // Nobody has a better offer for its own port: the client need not wait for others (section 21.8).
            writer.WriteOption(Dhcpv6OptionCode.Preference, [byte.MaxValue]);
        }

        return Finish(client, subnet, ref writer);
    }

    private bool AnswerRequest(in V6Client client, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        Begin(Dhcpv6MessageType.Reply, client, ref writer);
        var subnet = _associations.Write(client, isCommitted: true, now, ref writer);

        // A Rebind goes to all servers: one that has nothing to say of any address leaves it to another.
        return (subnet is not null || client.Message.Type != Dhcpv6MessageType.Rebind || _associations.HasRefused) && Finish(client, subnet, ref writer);
    }

    private bool AnswerConfirm(in V6Client client, ref Dhcpv6Writer writer)
    {
        var (isAny, isAll) = (false, true);
        foreach (var option in client.Message.Options)
        {
            if (option.Code is not (Dhcpv6OptionCode.IaNa or Dhcpv6OptionCode.IaTa) || !Dhcpv6IdentityAssociation.TryParse(option, out var association))
            {
                continue;
            }

            foreach (var inner in association.Options)
            {
                if (Dhcpv6IdentityAssociation.TryGetAddress(inner, out var address))
                {
                    isAny = true;
                    isAll &= _model.IsOnLink(V6Address.Read(address));
                }
            }
        }

        if (!isAny)
        {
            return false;
        }

        Begin(Dhcpv6MessageType.Reply, client, ref writer);
        writer.WriteStatus(isAll ? Dhcpv6Status.Success : Dhcpv6Status.NotOnLink, isAll ? "all on link" : "not on link");
        return true;
    }

    private bool AnswerReturn(in V6Client client, DateTimeOffset now, ref Dhcpv6Writer writer)
    {
        Begin(Dhcpv6MessageType.Reply, client, ref writer);
        writer.WriteStatus(Dhcpv6Status.Success, "");
        _associations.Return(client, now, ref writer);
        return true;
    }

    private bool AnswerInformation(in V6Client client, ref Dhcpv6Writer writer)
    {
        Begin(Dhcpv6MessageType.Reply, client, ref writer);
        return Finish(client, null, ref writer);
    }

    private void Begin(Dhcpv6MessageType type, in V6Client client, ref Dhcpv6Writer writer)
    {
        writer.WriteHeader(type, client.Message.TransactionId);
        if (!client.Duid.IsEmpty)
        {
            writer.WriteOption(Dhcpv6OptionCode.ClientId, client.Duid);
        }

        writer.WriteOption(Dhcpv6OptionCode.ServerId, _model.ServerDuid);
    }

    private bool Finish(in V6Client client, V6Subnet? subnet, ref Dhcpv6Writer writer)
    {
        V6OptionWriter.Write(_model, client, subnet, ref writer);
        return true;
    }

    private static bool HasAssociations(in V6Client client) =>
        client.Message.Options.Contains(Dhcpv6OptionCode.IaNa)
            || client.Message.Options.Contains(Dhcpv6OptionCode.IaTa)
            || client.Message.Options.Contains(Dhcpv6OptionCode.IaPd);

    private V6Reservation? FindReservation(ReadOnlySpan<byte> duid, MacAddress? mac)
    {
        if (_model.ByDuid.Count > 0 && !duid.IsEmpty && _model.ByDuid.TryGetValue(Convert.ToHexStringLower(duid), out var byDuid))
        {
            return byDuid;
        }

        return mac is { } known ? _model.ByMac.GetValueOrDefault(known) : null;
    }
}
