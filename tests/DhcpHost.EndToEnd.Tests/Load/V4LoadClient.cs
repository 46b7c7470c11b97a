using System.Buffers.Binary;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>
/// A DHCPv4 client with a MAC address of its own, frame by frame. The first of three has no client identifier, the others have one of either kind.
/// </summary>
internal sealed class V4LoadClient : LoadClient
{
    private readonly V4LoadWire _wire;
    private readonly byte[] _identifier;
    private TaskCompletionSource<V4LoadAnswer>? _pending;
    private uint _pendingId;
    private uint _lastId;

    public V4LoadClient(V4LoadWire wire, int number, LoadWitness witness)
        : base($"v4-{number}", witness)
    {
        _wire = wire;
        Mac = MacAddress.Parse($"0a:04:00:00:{number / 256:x2}:{number % 256:x2}");
        _lastId = (uint)number << 16;
        var mac = new byte[6];
        Mac.CopyTo(mac);
        _identifier = (number % 3) switch
        {
            0 => [],
            1 => [1, .. mac],

            // RFC 4361: an IAID and a DUID.
            _ => [255, 0, 0, 0, 9, 0, 3, 0, 1, .. mac],
        };
    }

    public MacAddress Mac { get; }

    /// <summary>Takes what came for its MAC address.</summary>
    public void Receive(V4LoadAnswer answer)
    {
        switch (answer.Type)
        {
            case V4LoadAnswer.Ack:
                Bind(answer.Address);
                break;
            case V4LoadAnswer.Offer when Address is { } mine && !mine.Equals(answer.Address):
                Witness.Fault(this, $"was offered {answer.Address} in place of {mine}");
                break;

            // An offer is no lease: who was offered an address by a server that is gone may be told no, and asks anew.
            case V4LoadAnswer.Nak when Address is not null:
                Witness.Fault(this, $"was refused {Address}");
                break;
        }

        if (Volatile.Read(ref _pendingId) == answer.TransactionId)
        {
            _ = Volatile.Read(ref _pending)?.TrySetResult(answer);
        }
    }

    protected override Task<bool> AcquireAsync(CancellationToken cancellationToken) => SelectAsync(cancellationToken);

    protected override async Task<bool> ConfirmAsync(int turn, CancellationToken cancellationToken)
    {
        var mine = Address!;
        return (turn % 4) switch
        {
            // INIT-REBOOT, RENEWING, REBINDING (RFC 2131 section 4.3.2), and from the beginning.
            0 => await AskAsync(3, IPAddress.Any, isBroadcast: true, [(50, mine.GetAddressBytes())], cancellationToken) is { Type: V4LoadAnswer.Ack },
            1 => await AskAsync(3, mine, isBroadcast: false, [], cancellationToken) is { Type: V4LoadAnswer.Ack },
            2 => await AskAsync(3, mine, isBroadcast: true, [], cancellationToken) is { Type: V4LoadAnswer.Ack },
            _ => await SelectAsync(cancellationToken),
        };
    }

    private async Task<bool> SelectAsync(CancellationToken cancellationToken)
    {
        var offer = await AskAsync(1, IPAddress.Any, isBroadcast: true, [], cancellationToken);
        return offer is { Type: V4LoadAnswer.Offer }
            && await AskAsync(
                3, IPAddress.Any, isBroadcast: true, [(54, offer.Server.GetAddressBytes()), (50, offer.Address.GetAddressBytes())], cancellationToken)
                is { Type: V4LoadAnswer.Ack };
    }

    private async Task<V4LoadAnswer?> AskAsync(
        byte type, IPAddress own, bool isBroadcast, (byte Code, byte[] Value)[] options, CancellationToken cancellationToken)
    {
        var pending = new TaskCompletionSource<V4LoadAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pending, pending);
        Volatile.Write(ref _pendingId, ++_lastId);
        _wire.Send(Mac, own, isBroadcast, Write(type, own, options));
        return await WaitAsync(pending.Task, cancellationToken);
    }

    private byte[] Write(byte type, IPAddress own, (byte Code, byte[] Value)[] options)
    {
        var message = new byte[300];
        (message[0], message[1], message[2]) = (1, 1, 6);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), _lastId);
        own.GetAddressBytes().CopyTo(message.AsSpan(12));
        Mac.CopyTo(message.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        var at = 240;
        foreach (var (code, value) in ((byte Code, byte[] Value)[])[(53, [type]), (61, _identifier), .. options, (55, [1, 3, 6, 51, 54])])
        {
            if (value.Length > 0)
            {
                (message[at], message[at + 1]) = (code, (byte)value.Length);
                value.CopyTo(message.AsSpan(at + 2));
                at += 2 + value.Length;
            }
        }

        message[at] = 255;
        return message;
    }
}
