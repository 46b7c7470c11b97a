using System.Net;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>How many connections a network and each of its clients have.</summary>
internal sealed class ConnectionLimits(SemaphoreSlim all, int perNetwork, int perClient) : IDisposable
{
    private readonly SemaphoreSlim _network = new(perNetwork, perNetwork);
    private readonly Dictionary<IPAddress, int> _clients = [];
    private readonly Lock _lock = new();

    /// <summary>Connections now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _clients.Values.Sum();
            }
        }
    }

    /// <summary>Waits for room, the network's first: a network that is full takes no room of the others.</summary>
    /// <returns>False where the client has as many as it may.</returns>
    public async Task<bool> EnterAsync(IPAddress client, CancellationToken cancellationToken)
    {
        if (!TryCount(client))
        {
            return false;
        }

        try
        {
            await _network.WaitAsync(cancellationToken);
            try
            {
                await all.WaitAsync(cancellationToken);
                return true;
            }
            catch (OperationCanceledException)
            {
                _ = _network.Release();
                throw;
            }
        }
        catch (OperationCanceledException)
        {
            Uncount(client);
            throw;
        }
    }

    public void Leave(IPAddress client)
    {
        Uncount(client);
        _ = all.Release();
        _ = _network.Release();
    }

    public void Dispose() => _network.Dispose();

    private bool TryCount(IPAddress client)
    {
        lock (_lock)
        {
            var count = _clients.GetValueOrDefault(client);
            if (perClient > 0 && count >= perClient)
            {
                return false;
            }

            _clients[client] = count + 1;
            return true;
        }
    }

    private void Uncount(IPAddress client)
    {
        lock (_lock)
        {
            var count = _clients[client] - 1;
            if (count > 0)
            {
                _clients[client] = count;
            }
            else
            {
                _ = _clients.Remove(client);
            }
        }
    }
}
