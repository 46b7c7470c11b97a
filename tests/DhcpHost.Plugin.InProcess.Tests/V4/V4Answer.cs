using System.Net;
using DhcpHost.Dhcp.V4;
using DhcpHost.Plugin.InProcess.V4;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>What came back.</summary>
internal sealed record V4Answer(Dhcpv4Reply Reply, byte[] Packet)
{
    public bool IsNone => Reply.Path == Dhcpv4Path.None;

    public Dhcpv4MessageType Type => IsNone ? Dhcpv4MessageType.None : (Dhcpv4MessageType)this[Dhcpv4OptionCode.MessageType]![0];

    public uint YiAddr => Read(reader => reader.YiAddr);

    public string Given => Address.Of(YiAddr).ToString();

    public string SentTo => $"{Address.Of(Reply.Destination)}:{Reply.Port}";

    public string SiAddr => Address.Of(Read(reader => reader.SiAddr)).ToString();

    public ushort Flags => (ushort)Read(reader => reader.Flags);

    public string File => System.Text.Encoding.ASCII.GetString(Packet.AsSpan(108, 128)).TrimEnd('\0');

    public byte[]? this[byte code]
    {
        get
        {
            Assert.True(Dhcpv4Reader.TryRead(Packet, new byte[Dhcpv4Reader.WorkspaceSize], out var reader));
            return reader.TryGet(code, out var value) ? value.ToArray() : null;
        }
    }

    public IPAddress? AddressOf(byte code) => this[code] is { Length: 4 } value ? new(value) : null;

    public uint? NumberOf(byte code) => this[code] is { Length: 4 } value ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    private uint Read(Reading read)
    {
        Assert.True(Dhcpv4Reader.TryRead(Packet, new byte[Dhcpv4Reader.WorkspaceSize], out var reader));
        return read(reader);
    }

    private delegate uint Reading(Dhcpv4Reader reader);
}
