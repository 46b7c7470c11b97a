using System.Net;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>A DHCPv6 client with a DUID and an identity association of its own.</summary>
internal sealed class V6LoadClient : LoadClient
{
    private const byte Solicit = 1;
    private const byte Advertise = 2;
    private const byte Request = 3;
    private const byte Renew = 5;
    private const byte Rebind = 6;
    private const byte Reply = 7;

    private readonly V6LoadWire _wire;
    private readonly byte[] _duid;
    private TaskCompletionSource<V6LoadAnswer>? _pending;
    private uint _pendingId;
    private uint _lastId;
    private byte[] _server = [];

    public V6LoadClient(V6LoadWire wire, int number, LoadWitness witness)
        : base($"v6-{number}", witness)
    {
        _wire = wire;
        _duid = [0, 3, 0, 1, 0x0a, 6, 0, 0, (byte)(number >> 8), (byte)number];
        Iaid = 0x0600_0000u + (uint)number;
        _lastId = (uint)number << 12;
    }

    public string Duid => V6LoadAnswer.Hex(_duid);

    public uint Iaid { get; }

    /// <summary>Takes what came for its DUID.</summary>
    public void Receive(V6LoadAnswer answer)
    {
        Witness.ServerDuids[V6LoadAnswer.Hex(answer.Server)] = true;
        foreach (var (iaid, address, lifetime) in answer.Addresses)
        {
            if (iaid != Iaid)
            {
                Witness.Fault(this, $"was answered for the association {iaid:x}, not {Iaid:x}");
            }
            else if (lifetime == 0)
            {
                Witness.Fault(this, $"was taken {address} away");
            }
            else if (answer.Type == Reply)
            {
                Bind(address);
            }
            else if (Address is { } mine && !mine.Equals(address))
            {
                Witness.Fault(this, $"was offered {address} in place of {mine}");
            }
        }

        if (Address is not null && answer.Addresses.Count == 0)
        {
            Witness.Fault(this, $"was told no for {Address}: status {answer.Status}");
        }

        if (Volatile.Read(ref _pendingId) == answer.TransactionId)
        {
            _ = Volatile.Read(ref _pending)?.TrySetResult(answer);
        }
    }

    protected override Task<bool> AcquireAsync(CancellationToken cancellationToken) => SolicitAsync(cancellationToken);

    protected override async Task<bool> ConfirmAsync(int turn, CancellationToken cancellationToken) => (turn % 3) switch
    {
        0 => await AskAsync(Renew, _server, Address, cancellationToken) is not null,
        1 => await AskAsync(Rebind, [], Address, cancellationToken) is not null,
        _ => await SolicitAsync(cancellationToken),
    };

    private async Task<bool> SolicitAsync(CancellationToken cancellationToken)
    {
        if (await AskAsync(Solicit, [], null, cancellationToken) is not { Type: Advertise, Addresses: [var offer, ..] } advertise)
        {
            return false;
        }

        _server = advertise.Server;
        return await AskAsync(Request, _server, offer.Address, cancellationToken) is { Type: Reply, Addresses.Count: > 0 };
    }

    private async Task<V6LoadAnswer?> AskAsync(byte type, byte[] server, IPAddress? address, CancellationToken cancellationToken)
    {
        var pending = new TaskCompletionSource<V6LoadAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _pending, pending);
        Volatile.Write(ref _pendingId, ++_lastId & 0xFF_FFFF);
        var association = new List<byte>([(byte)(Iaid >> 24), (byte)(Iaid >> 16), (byte)(Iaid >> 8), (byte)Iaid, 0, 0, 0, 0, 0, 0, 0, 0]);
        if (address is not null)
        {
            association.AddRange([0, 5, 0, 24, .. address.GetAddressBytes(), 0, 0, 0, 0, 0, 0, 0, 0]);
        }

        byte[] message =
        [
            type, (byte)(_lastId >> 16), (byte)(_lastId >> 8), (byte)_lastId,
            .. Option(1, _duid), .. server.Length > 0 ? Option(2, server) : [], .. Option(3, [.. association]), .. Option(6, [0, 23]), .. Option(8, [0, 0]),
        ];
        await _wire.SendAsync(message, cancellationToken);
        return await WaitAsync(pending.Task, cancellationToken);
    }

    private static byte[] Option(byte code, byte[] value) => [0, code, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
