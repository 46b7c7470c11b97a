using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>Hands the web server the connections that the accept loops of all networks take.</summary>
internal sealed class ConnectionFunnel : IConnectionListenerFactory, IConnectionListener
{
    private const int Capacity = 256;

    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    public EndPoint EndPoint { get; } = new MetadataEndPoint();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    /// <summary>Gives it a connection.</summary>
    /// <exception cref="ChannelClosedException">The server ends.</exception>
    public ValueTask AddAsync(ConnectionContext connection, CancellationToken cancellationToken) => _accepted.Writer.WriteAsync(connection, cancellationToken);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _ = _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _ = _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync();
        }
    }
}
