using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>A network's proxy: its listening sockets, its connections, and what its requests are answered from.</summary>
internal sealed class NetworkProxy(
    MetadataPlan plan,
    NetworkNamespaceId ns,
    int link,
    ConnectionLimits limits,
    RateLimiter? rates,
    ConnectionFunnel funnel,
    SocketConnectionContextFactory connections,
    TimeProvider timeProvider) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxyConnection, bool> _connections = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _loops = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MetadataPlan _plan = plan;
    private int _isClosing;

    /// <summary>What it serves now: a change of the ports is a change of this and nothing else.</summary>
    public MetadataPlan Plan
    {
        get => Volatile.Read(ref _plan);
        set => Volatile.Write(ref _plan, value);
    }

    public ServerKey Key => Plan.Server;

    /// <summary>The namespace that the sockets are in, whatever has its name now.</summary>
    public NetworkNamespaceId Namespace => ns;

    /// <summary>The link that the IPv6 socket is bound to.</summary>
    public int Link => link;

    /// <summary>A word that only this proxy knows, by which a check knows it.</summary>
    public string Nonce { get; } = Guid.NewGuid().ToString("N");

    public RateLimiter? Rates => rates;

    public ProxyCounters Counters { get; } = new();

    public DateTimeOffset StartedAt { get; } = timeProvider.GetUtcNow();

    public int ConnectionCount => _connections.Count;

    public bool HasIPv6 => _sockets.Any(socket => socket.AddressFamily == AddressFamily.InterNetworkV6);

    private bool IsClosing => Volatile.Read(ref _isClosing) != 0;

    /// <summary>Takes the connections of a listening socket, which becomes the proxy's.</summary>
    public void Listen(Socket socket)
    {
        _sockets.Add(socket);
        _loops.Add(AcceptAsync(socket));
    }

    /// <summary>The web server is done with a connection.</summary>
    public void Remove(ProxyConnection connection)
    {
        if (_connections.TryRemove(connection, out _))
        {
            limits.Leave(connection.Client);
        }

        SignalDrained();
    }

    /// <summary>Ends it: takes no more connections, closes idle ones, and the others when they are done or <paramref name="grace"/> is over.</summary>
    public async Task CloseAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            _sockets.ForEach(socket => socket.Dispose());
            await _stop.CancelAsync();
        }

        await Task.WhenAll(_loops);
        foreach (var connection in _connections.Keys)
        {
            connection.Close(atOnce: false);
        }

        SignalDrained();
        try
        {
            await _drained.Task.WaitAsync(grace, timeProvider);
        }
        catch (TimeoutException)
        {
            foreach (var connection in _connections.Keys)
            {
                connection.Close(atOnce: true);
            }

            await _drained.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(TimeSpan.Zero);
        _stop.Dispose();
        limits.Dispose();
    }

    private void SignalDrained()
    {
        if (IsClosing && _connections.IsEmpty)
        {
            _ = _drained.TrySetResult();
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        try
        {
            while (true)
            {
                if (await TryAcceptAsync(socket) is { } client)
                {
                    await TakeAsync(client);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // It is closed, or the server ends.
        }
    }

    private async Task<Socket?> TryAcceptAsync(Socket socket)
    {
        try
        {
            return await socket.AcceptAsync(_stop.Token);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return null;
        }
        catch (SocketException) when (!IsClosing)
        {
            // No file descriptors or no memory for now: the client waits in the kernel's queue meanwhile.
            await Task.Delay(Pause, timeProvider, _stop.Token);
            return null;
        }
        catch (SocketException)
        {
            throw new OperationCanceledException(_stop.Token);
        }
    }

    private async Task TakeAsync(Socket client)
    {
        if (AddressOf(client) is not { } address)
        {
            client.Dispose();
            return;
        }

        try
        {
            if (!await limits.EnterAsync(address, _stop.Token))
            {
                Counters.RefusedConnection();
                client.Dispose();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            client.Dispose();
            throw;
        }

        var context = connections.Create(client);
        var connection = new ProxyConnection(this, context, address);
        context.Features.Set<IProxyConnection>(connection);
        _ = _connections.TryAdd(connection, true);
        try
        {
            await funnel.AddAsync(context, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            await context.DisposeAsync();
            Remove(connection);
            throw;
        }
    }

    /// <summary>The client's; <c>null</c> where it went away meanwhile.</summary>
    private static IPAddress? AddressOf(Socket client)
    {
        try
        {
            return (client.RemoteEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
