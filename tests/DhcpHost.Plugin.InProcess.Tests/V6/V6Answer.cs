using System.Buffers.Binary;
using System.Net;
using DhcpHost.Dhcp.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

/// <summary>A server's message, copied out of its bytes.</summary>
internal sealed record V6Answer
{
    public required Dhcpv6MessageType Type { get; init; }

    public Dictionary<Dhcpv6OptionCode, byte[]> Options { get; } = [];

    /// <summary>Address, preferred and valid lifetime of each address of each association.</summary>
    public List<(uint Iaid, string Address, uint Valid)> Addresses { get; } = [];

    /// <summary>T1 and T2 of each association.</summary>
    public List<(uint Renewal, uint Rebinding)> Times { get; } = [];

    /// <summary>The status of the message, or of an association in it.</summary>
    public List<Dhcpv6Status> Statuses { get; } = [];

    /// <summary>Of a relay agent's message: what is in it.</summary>
    public V6Answer? Relayed { get; private init; }

    public byte[]? LinkAddress { get; private init; }

    public byte HopCount { get; private init; }

    public static V6Answer Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == (byte)Dhcpv6MessageType.RelayReply)
        {
            Assert.True(Dhcpv6RelayMessage.TryParse(bytes, out var relay));
            var outer = new V6Answer { Type = relay.Type, Relayed = Read(relay.Relayed), LinkAddress = relay.LinkAddress.ToArray(), HopCount = relay.HopCount };
            outer.Add(relay.Options);
            return outer;
        }

        Assert.True(Dhcpv6Message.TryParse(bytes, out var message));
        Assert.Equal(0xABCDEFu, message.TransactionId);
        var answer = new V6Answer { Type = message.Type };
        answer.Add(message.Options);
        return answer;
    }

    private void Add(Dhcpv6Options options)
    {
        foreach (var option in options)
        {
            Options[option.Code] = option.Data.ToArray();
            if (option.Code == Dhcpv6OptionCode.StatusCode)
            {
                Statuses.Add((Dhcpv6Status)BinaryPrimitives.ReadUInt16BigEndian(option.Data));
            }
            else if (option.Code is Dhcpv6OptionCode.IaNa or Dhcpv6OptionCode.IaTa or Dhcpv6OptionCode.IaPd)
            {
                Assert.True(Dhcpv6IdentityAssociation.TryParse(option, out var association));
                if (option.Code != Dhcpv6OptionCode.IaTa)
                {
                    Times.Add((BinaryPrimitives.ReadUInt32BigEndian(option.Data[4..]), BinaryPrimitives.ReadUInt32BigEndian(option.Data[8..])));
                }

                foreach (var inner in association.Options)
                {
                    if (Dhcpv6IdentityAssociation.TryGetAddress(inner, out var address))
                    {
                        Addresses.Add((association.Iaid, new IPAddress(address).ToString(), BinaryPrimitives.ReadUInt32BigEndian(inner.Data[20..])));
                    }
                    else if (inner.Code == Dhcpv6OptionCode.StatusCode)
                    {
                        Statuses.Add((Dhcpv6Status)BinaryPrimitives.ReadUInt16BigEndian(inner.Data));
                    }
                }
            }
        }
    }
}
