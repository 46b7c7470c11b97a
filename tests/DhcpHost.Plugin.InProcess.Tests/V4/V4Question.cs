using System.Buffers.Binary;
using DhcpHost.Dhcp.V4;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>A message of client number n, whose MAC address is that of port n.</summary>
internal sealed record V4Question(Dhcpv4MessageType Type, int Number)
{
    public uint ServerIdentifier { get; init; }

    public uint Requested { get; init; }

    public uint CiAddr { get; init; }

    public uint GiAddr { get; init; }

    public ushort Flags { get; init; }

    public byte[]? ClientId { get; init; }

    public byte[]? ParameterRequest { get; init; }

    public List<(byte Code, byte[] Value)> Options { get; init; } = [];

    public byte[] Build()
    {
        Span<byte> header = stackalloc byte[44];
        header.Clear();
        header[1] = 1;
        header[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], (uint)(0x1000 + Number));
        BinaryPrimitives.WriteUInt32BigEndian(header[24..], GiAddr);
        SamplePlans.Mac(Number).CopyTo(header[28..]);
        var buffer = new byte[1500];
        var writer = new Dhcpv4Writer(buffer, 1, header, buffer.Length) { CiAddr = CiAddr, Flags = Flags };
        _ = writer.TryAdd(Dhcpv4OptionCode.MessageType, (byte)Type);
        if (ServerIdentifier != 0)
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.ServerIdentifier, ServerIdentifier);
        }

        if (Requested != 0)
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.RequestedIpAddress, Requested);
        }

        if (ClientId is not null)
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.ClientIdentifier, ClientId);
        }

        if (ParameterRequest is not null)
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.ParameterRequestList, ParameterRequest);
        }

        foreach (var (code, value) in Options)
        {
            _ = writer.TryAdd(code, value);
        }

        return buffer[..writer.Finish()];
    }
}
