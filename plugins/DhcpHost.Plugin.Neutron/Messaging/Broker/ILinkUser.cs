namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>What a connection is for.</summary>
internal interface ILinkUser
{
    /// <summary>Declares and consumes what it needs.</summary>
    /// <exception cref="RpcUnavailableException">The broker refuses, and why.</exception>
    Task OpenAsync(BrokerSession session, CancellationToken cancellationToken);

    /// <summary>The session is watched and may be used.</summary>
    Task OnReadyAsync(BrokerSession session, CancellationToken cancellationToken);

    /// <summary>The session is lost, or none could be made.</summary>
    Task OnUnavailableAsync(string reason, CancellationToken cancellationToken);

    /// <summary>The link ends; the session still works.</summary>
    Task CloseAsync(BrokerSession session, CancellationToken cancellationToken);
}
