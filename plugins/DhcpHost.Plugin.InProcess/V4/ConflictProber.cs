using System.Buffers.Binary;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Server;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>
/// Asks by ARP whether somebody has an address before it is offered (RFC 2131 section 2.2, RFC 5227 section 2.1.1). The DISCOVER waits meanwhile, and
/// is answered afterwards. Belongs to the loop's thread, and is bounded.
/// </summary>
internal sealed class ConflictProber : IDisposable
{
    private const int MaxPending = 1024;
    private const int PacketLength = 28;
    private const int SenderAddress = 14;
    private const int TargetAddress = 24;
    private const long ClearMemory = 60_000;

    private static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    private readonly NetworkServer _server;
    private readonly DatagramSocket _arp;
    private readonly TimeSpan _wait;
    private readonly Action<uint, bool, byte[], DatagramReplies> _onAnswered;
    private readonly Dictionary<uint, Pending> _pending = [];
    private readonly Dictionary<uint, long> _clearUntil = [];

    /// <param name="server">The network.</param>
    /// <param name="arp">A socket for ARP.</param>
    /// <param name="wait">How long an answer may take.</param>
    /// <param name="onAnswered">Told the address, whether somebody has it, and the message that waits.</param>
    public ConflictProber(NetworkServer server, DatagramSocket arp, TimeSpan wait, Action<uint, bool, byte[], DatagramReplies> onAnswered)
    {
        _server = server;
        _arp = arp;
        _wait = wait;
        _onAnswered = onAnswered;
    }

    /// <summary>Whether an address was found free a moment ago.</summary>
    public bool IsClear(uint address) => _clearUntil.TryGetValue(address, out var until) && until > _server.Store.Now;

    /// <summary>Asks for an address; the message waits for the answer.</summary>
    public void Ask(uint address, ReadOnlySpan<byte> message, DatagramReplies replies)
    {
        if (_pending.ContainsKey(address) || _pending.Count >= MaxPending)
        {
            return;
        }

        var packet = replies.Begin();
        Write(packet[..PacketLength], address);
        replies.SendArp(_arp, PacketLength, Broadcast);
        _pending[address] = new(message.ToArray(), _server.Loop.Schedule(_wait, later => Finish(address, isTaken: false, later)));
    }

    /// <summary>An ARP packet came: who it says has an address, has it.</summary>
    public void Receive(ReadOnlySpan<byte> packet, DatagramReplies replies)
    {
        if (packet.Length >= PacketLength && BinaryPrimitives.ReadUInt64BigEndian(packet) >> 16 == 0x0001_0800_0604)
        {
            var sender = BinaryPrimitives.ReadUInt32BigEndian(packet[SenderAddress..]);
            if (_pending.ContainsKey(sender))
            {
                Finish(sender, isTaken: true, replies);
            }
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

    /// <summary>A probe: from no address, so that nobody learns a wrong one.</summary>
    private void Write(Span<byte> packet, uint address)
    {
        packet.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(packet, 0x0001_0800_0604_0001);
        _server.Link.MacAddress.CopyTo(packet[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TargetAddress..], address);
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

        _onAnswered(address, isTaken, pending.Message, replies);
    }

    private sealed record Pending(byte[] Message, IDisposable Timer);
}
