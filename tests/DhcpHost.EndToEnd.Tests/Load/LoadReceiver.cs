using System.Net.Sockets;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>Reads a socket until it is disposed, and hands over what came. Disposes the socket too.</summary>
internal sealed class LoadReceiver : IAsyncDisposable
{
    private const int MaxMessage = 2048;

    private readonly Socket _socket;
    private readonly Action<ReadOnlySpan<byte>> _receive;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;

    public LoadReceiver(Socket socket, Action<ReadOnlySpan<byte>> receive)
    {
        _socket = socket;
        _receive = receive;
        _receiving = ReceiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var message = new byte[MaxMessage];
        while (true)
        {
            int length;
            try
            {
                length = await _socket.ReceiveAsync(message, SocketFlags.None, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _receive(message.AsSpan(0, length));
        }
    }
}
