using System.Globalization;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>Connects to one of the brokers: to the next one of the list after the last one that was tried.</summary>
/// <param name="options">The options.</param>
/// <param name="purpose">What the connection is for; it is in its name at the broker.</param>
/// <param name="prefetch">Messages of each queue that may be unacknowledged.</param>
/// <param name="dispatchers">How many messages may be handled at a time.</param>
/// <param name="logger">The log.</param>
internal sealed partial class BrokerConnector(MessagingOptions options, string purpose, ushort prefetch, ushort dispatchers, ILogger logger)
{
    private const string DefaultUser = "guest";

    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(10);

    // RabbitMQ itself takes none larger, and the client breaks the connection over a larger one: what is too large for us is dropped by us.
    private const uint MaxBodySize = 512 * 1024 * 1024;

    private string _text = "";
    private BrokerAddress[] _order = [];
    private int _next;

    /// <summary>Tries every broker once.</summary>
    /// <exception cref="RpcUnavailableException">None can be reached.</exception>
    public async Task<BrokerSession> ConnectAsync(CancellationToken cancellationToken)
    {
        var url = await ReadUrlAsync(cancellationToken);
        if (options.Rabbit.KombuFailoverStrategy == FailoverStrategy.Shuffle)
        {
            Random.Shared.Shuffle(_order);
        }

        var failures = new List<string>();
        RpcUnavailableException? last = null;
        foreach (var _ in _order)
        {
            var broker = _order[_next++ % _order.Length];
            try
            {
                return await ConnectAsync(url, broker, cancellationToken);
            }
            catch (RpcUnavailableException e)
            {
                last = e;
                failures.Add(e.Message);
                BrokerFailed(purpose, e.Message);
            }
        }

        throw new RpcUnavailableException($"no broker can be reached: {string.Join("; ", failures)}", last);
    }

    private async Task<BrokerSession> ConnectAsync(TransportUrl url, BrokerAddress broker, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = broker.Host,
            Port = broker.Port,
            VirtualHost = url.VirtualHost,
            UserName = broker.User.Length > 0 ? broker.User : DefaultUser,
            Password = broker.User.Length > 0 ? broker.Password : DefaultUser,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(options.Rabbit.HeartbeatTimeoutThreshold),
            RequestedConnectionTimeout = StepTimeout,
            HandshakeContinuationTimeout = StepTimeout,
            ContinuationTimeout = StepTimeout,
            MaxInboundMessageBodySize = MaxBodySize,
            ClientProvidedName = string.Create(CultureInfo.InvariantCulture, $"dhcphost:{Environment.ProcessId}:{purpose}"),
        };
        if (options.Rabbit.RabbitLoginMethod == LoginMethod.External)
        {
            factory.AuthMechanisms = [new ExternalMechanismFactory()];
        }

        if (url.Ssl ?? options.Rabbit.Ssl)
        {
            factory.Ssl = TlsSettings.Read(options.Rabbit, broker.Host);
        }

        try
        {
            var connection = await factory.CreateConnectionAsync(cancellationToken);
            return await BrokerSession.OpenAsync(connection, broker, prefetch, dispatchers, cancellationToken);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcUnavailableException($"{broker}: {BrokerFailure.Reason(e)}", e);
        }
    }

    private async Task<TransportUrl> ReadUrlAsync(CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = options.TransportUrl.Length > 0 ? options.TransportUrl : await File.ReadAllTextAsync(options.TransportUrlFile, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RpcUnavailableException($"transport_url_file cannot be read: {e.Message}", e);
        }

        if (!TransportUrl.TryParse(text, out var url, out var problem))
        {
            throw new RpcUnavailableException($"the URL in {options.TransportUrlFile} {problem}");
        }

        if (text != _text)
        {
            // Not all agents shall begin with the same broker.
            _order = [.. url.Brokers];
            Random.Shared.Shuffle(_order);
            _next = 0;
            _text = text;
        }

        return url;
    }

    [LoggerMessage(2201, LogLevel.Warning, "The connection for {Purpose} cannot be made to {Failure}")]
    private partial void BrokerFailed(string purpose, string failure);
}
