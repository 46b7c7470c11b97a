using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>A station that many DHCPv6 clients share, each with a DUID of its own.</summary>
internal sealed class V6LoadWire : IAsyncDisposable
{
    private const int ClientPort = 546;
    private const int ServerPort = 547;

    private readonly Socket _socket;
    private readonly IPEndPoint _servers;
    private readonly LoadWitness _witness;
    private readonly ConcurrentDictionary<string, V6LoadClient> _clients = new(StringComparer.Ordinal);
    private readonly LoadReceiver _receiver;

    private V6LoadWire(Socket socket, int link, LoadWitness witness)
    {
        _socket = socket;
        _servers = new(IPAddress.Parse($"ff02::1:2%{link}"), ServerPort);
        _witness = witness;
        _receiver = new(socket, Receive);
    }

    /// <summary>Opens the link of a station, once that has its link-local address.</summary>
    public static async Task<V6LoadWire> OpenAsync(LinuxLab lab, LabStation station, LoadWitness witness, CancellationToken cancellationToken)
    {
        await station.WaitForLinkLocalAsync(cancellationToken);
        var socket = await lab.Broker.RunAsync(
            station.Namespace, () => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp), cancellationToken);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, ClientPort));
        return new(socket, station.Link.Index, witness);
    }

    public V6LoadClient Add(int number)
    {
        var client = new V6LoadClient(this, number, _witness);
        Assert.True(_clients.TryAdd(client.Duid, client));
        return client;
    }

    public async Task SendAsync(byte[] message, CancellationToken cancellationToken) =>
        _ = await _socket.SendToAsync(message, SocketFlags.None, _servers, cancellationToken);

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private void Receive(ReadOnlySpan<byte> message)
    {
        var answer = V6LoadAnswer.Read(message);
        if (_clients.TryGetValue(V6LoadAnswer.Hex(answer.Client), out var client))
        {
            client.Receive(answer);
        }
    }
}
