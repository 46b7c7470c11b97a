using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Sockets;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>
/// Reads what arrives in the host's namespace as DHCP clients do that are not told whether a checksum was left out: off the wire, and computes it.
/// </summary>
public sealed class ChecksumWitness : IDisposable
{
    private const int EthernetHeader = 14;
    private const int MaxFrame = 65536;
    private const ushort ClientPort = 68;

    // ETH_P_IP in the network's order.
    private readonly Socket _socket = new(AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder((short)0x0800));

    /// <summary>Sends what a DHCP server would: a broadcast to the clients' port.</summary>
    public static async Task BroadcastAsync(LinuxLab lab, InterfaceBinding binding, CancellationToken cancellationToken)
    {
        using var ns = lab.Namespaces.Open(binding.Namespace);
        var spec = new SocketSpec(SocketType.Dgram, new(IPAddress.Any, 67)) { MayBroadcast = true, Link = binding.Device };
        using var socket = await new NamespaceSockets(lab.Broker).OpenAsync(ns, spec, cancellationToken);
        _ = await socket.SendToAsync(new byte[300], SocketFlags.None, new IPEndPoint(IPAddress.Broadcast, ClientPort), cancellationToken);
    }

    /// <summary>Waits for the next such broadcast of a sender, and says whether its UDP checksum is right.</summary>
    public async Task<bool> NextIsValidAsync(MacAddress sender, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        var frame = new byte[MaxFrame];
        while (true)
        {
            var length = await _socket.ReceiveAsync(frame, SocketFlags.None, deadline.Token);
            if (length > EthernetHeader
                && new MacAddress(frame.AsSpan(6, 6)) == sender
                && IsValid(frame.AsSpan(EthernetHeader, length - EthernetHeader)) is { } isValid)
            {
                return isValid;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static bool? IsValid(ReadOnlySpan<byte> packet)
    {
        var header = (packet[0] & 0xF) * 4;
        var udp = packet[header..BinaryPrimitives.ReadUInt16BigEndian(packet[2..])];
        if (packet[9] != (byte)ProtocolType.Udp || BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) != ClientPort)
        {
            return null;
        }

        // RFC 768: the addresses, the protocol, the length, and the datagram with its checksum add up to all ones.
        var sum = Sum(packet[12..20]) + (uint)ProtocolType.Udp + (uint)udp.Length + Sum(udp);
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum == 0xFFFF;
    }

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        var sum = 0u;
        for (var i = 0; i < octets.Length; i++)
        {
            sum += i % 2 == 0 ? (uint)octets[i] << 8 : octets[i];
        }

        return sum;
    }
}
