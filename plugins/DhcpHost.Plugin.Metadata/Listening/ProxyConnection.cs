using System.Net;
using Microsoft.AspNetCore.Connections;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>A client's connection, until the web server is done with it.</summary>
internal sealed class ProxyConnection(NetworkProxy proxy, ConnectionContext context, IPAddress client) : IProxyConnection
{
    private readonly Lock _lock = new();
    private bool _isBusy;
    private bool _isClosing;

    public NetworkProxy Proxy => proxy;

    public IPAddress Client => client;

    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _isBusy;
            }
        }
    }

    public IDisposable BeginRequest()
    {
        lock (_lock)
        {
            _isBusy = true;
        }

        return new Request(this);
    }

    /// <summary>Closes it: at once, or after the request that it is busy with.</summary>
    public void Close(bool atOnce)
    {
        lock (_lock)
        {
            _isClosing = true;
            if (_isBusy && !atOnce)
            {
                return;
            }
        }

        context.Abort(new ConnectionAbortedException("Its network's proxy is removed."));
    }

    /// <summary>Whether the connection ends with its next answer.</summary>
    public bool IsClosing
    {
        get
        {
            lock (_lock)
            {
                return _isClosing;
            }
        }
    }

    private sealed class Request(ProxyConnection connection) : IDisposable
    {
        public void Dispose()
        {
            lock (connection._lock)
            {
                connection._isBusy = false;
            }
        }
    }
}
