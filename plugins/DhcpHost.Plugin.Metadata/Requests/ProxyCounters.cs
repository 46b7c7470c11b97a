namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>What a network's proxy has done, for people.</summary>
internal sealed class ProxyCounters
{
    private long _requests;
    private long _unknown;
    private long _limited;
    private long _failed;
    private long _connections;

    /// <summary>Requests that were answered.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests of clients that are no instance of the network.</summary>
    public long Unknown => Volatile.Read(ref _unknown);

    /// <summary>Requests beyond a rate.</summary>
    public long Limited => Volatile.Read(ref _limited);

    /// <summary>Requests for which there was no answer from beyond.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Connections beyond a client's number.</summary>
    public long RefusedConnections => Volatile.Read(ref _connections);

    public void Request() => Interlocked.Increment(ref _requests);

    public void UnknownClient() => Interlocked.Increment(ref _unknown);

    public void LimitedRequest() => Interlocked.Increment(ref _limited);

    public void FailedRequest() => Interlocked.Increment(ref _failed);

    public void RefusedConnection() => Interlocked.Increment(ref _connections);
}
