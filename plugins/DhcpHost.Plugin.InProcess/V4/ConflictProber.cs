using System.Buffers.Binary;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Server;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>
/// Asks whether somebody has an address before it is offered (RFC 2131 section 2.2): by ARP on the link (RFC 5227 section 2.1.1), by an ICMP echo request
/// behind a relay. The DISCOVER waits meanwhile, and is answered afterwards. Belongs to the loop's thread, and is bounded.
/// </summary>
internal sealed class ConflictProber : IDisposable
{
    private const int MaxPending = 1024;
    private const long ClearMemory = 60_000;

    private static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    private readonly NetworkServer _server;
    private readonly DatagramSocket _arp;
    private readonly DatagramSocket _icmp;
    private readonly TimeSpan _wait;
    private readonly Action<uint, bool, WaitingDiscover, DatagramReplies> _onAnswered;
    private readonly Dictionary<uint, Pending> _pending = [];
    private readonly Dictionary<uint, long> _clearUntil = [];

    /// <param name="server">The network.</param>
    /// <param name="arp">A socket for ARP.</param>
    /// <param name="icmp">A socket for ICMP.</param>
    /// <param name="wait">How long an answer may take.</param>
    /// <param name="onAnswered">Told the address, whether somebody has it, and the message that waits.</param>
    public ConflictProber(
        NetworkServer server, DatagramSocket arp, DatagramSocket icmp, TimeSpan wait, Action<uint, bool, WaitingDiscover, DatagramReplies> onAnswered)
    {
        _server = server;
        _arp = arp;
        _icmp = icmp;
        _wait = wait;
        _onAnswered = onAnswered;
    }

    /// <summary>Whether an address was found free a moment ago.</summary>
    public bool IsClear(uint address) => _clearUntil.TryGetValue(address, out var until) && until > _server.Store.Now;

    /// <summary>Asks for an address; the message waits for the answer.</summary>
    public void Ask(uint address, bool isOnLink, WaitingDiscover discover, DatagramReplies replies)
    {
        if (_pending.ContainsKey(address) || _pending.Count >= MaxPending)
        {
            return;
        }

        var packet = replies.Begin();
        if (isOnLink)
        {
            replies.SendArp(_arp, ProbePackets.WriteArp(packet, _server.Link.MacAddress, address), Broadcast);
        }
        else
        {
            Span<byte> destination = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(destination, address);
            replies.SendUdp(_icmp, ProbePackets.WriteEcho(packet, address), destination, port: 0, source: default, after: 0);
        }

        _pending[address] = new(discover, _server.Loop.Schedule(_wait, later => Finish(address, isTaken: false, later)));
    }

    /// <summary>An ARP packet or an echo reply came: who it says has an address, has it.</summary>
    public void Receive(DatagramKind kind, in Datagram datagram, DatagramReplies replies)
    {
        var sender = kind == DatagramKind.Arp ? ProbePackets.FindSender(datagram.Payload)
            : ProbePackets.IsEchoReply(datagram.Payload) ? BinaryPrimitives.ReadUInt32BigEndian(datagram.Source)
            : null;
        if (sender is { } address && _pending.ContainsKey(address))
        {
            Finish(address, isTaken: true, replies);
        }
    }

    public void Dispose()
    {
        foreach (var pending in _pending.Values)
        {
            pending.Timer.Dispose();
        }

        _pending.Clear();
    }

    private void Finish(uint address, bool isTaken, DatagramReplies replies)
    {
        if (!_pending.Remove(address, out var pending))
        {
            return;
        }

        pending.Timer.Dispose();
        var now = _server.Store.Now;
        if (!isTaken)
        {
            if (_clearUntil.Count >= MaxPending)
            {
                _clearUntil.Clear();
            }

            _clearUntil[address] = now + ClearMemory;
        }

        _onAnswered(address, isTaken, pending.Discover, replies);
    }

    private sealed record Pending(WaitingDiscover Discover, IDisposable Timer);
}
