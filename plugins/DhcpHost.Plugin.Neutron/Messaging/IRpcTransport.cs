namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>oslo.messaging over RabbitMQ: calls to Neutron's server, and the casts that it sends to this host's agent.</summary>
public interface IRpcTransport : IAsyncDisposable
{
    /// <summary>Begins to connect for calls, so that the first one need not wait for all of it. Without it the first call does.</summary>
    void Open();

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <returns>The answer's <c>result</c>; its kind is <see cref="System.Text.Json.JsonValueKind.Null"/> where the method returns none.</returns>
    /// <exception cref="RpcRemoteException">The method failed at the server.</exception>
    /// <exception cref="RpcTimeoutException">No answer came in time.</exception>
    /// <exception cref="RpcUnavailableException">No broker can be reached, or the broker refused.</exception>
    Task<System.Text.Json.JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Casts to this host's agent, in their order, and changes of the connection. No cast comes before <see cref="RpcEvent.Connected"/>, which tells that
    /// the queues are declared and consumed; where that does not succeed, <see cref="RpcEvent.Disconnected"/> tells why.
    /// </summary>
    /// <remarks>One may listen at a time. A cast is taken over, and will not come again, when the next item is asked for.</remarks>
    IAsyncEnumerable<RpcEvent> ListenAsync(CancellationToken cancellationToken);
}
