using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>
/// Keeps a connection: makes one, lets its user declare what it needs, waits until it is lost, and makes another, at once where it held for a while and
/// with growing waits where it did not.
/// </summary>
internal sealed partial class BrokerLink(
    BrokerConnector connector, ILinkUser user, RabbitOptions options, string purpose, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            var start = timeProvider.GetTimestamp();
            var reason = await RunOnceAsync(cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            failures = timeProvider.GetElapsedTime(start) > TimeSpan.FromSeconds(options.RabbitIntervalMax) ? 0 : failures + 1;
            var wait = Wait(failures);
            Lost(purpose, reason, wait.TotalSeconds);
            await user.OnUnavailableAsync(reason, cancellationToken);
            await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The first attempt after a session that held comes at once.</summary>
    internal TimeSpan Wait(int failures)
    {
        var seconds = failures == 0
            ? 0
            : Math.Min(options.RabbitRetryInterval + ((long)(failures - 1) * options.RabbitRetryBackoff), options.RabbitIntervalMax);
        return TimeSpan.FromSeconds(seconds + (Random.Shared.NextDouble() * options.KombuReconnectSplay));
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await connector.ConnectAsync(cancellationToken);
            await user.OpenAsync(session, cancellationToken);
            session.Watch();
            await user.OnReadyAsync(session, cancellationToken);
            Connected(purpose, session.Broker.ToString());
            try
            {
                return await session.Lost.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                using var limit = new CancellationTokenSource(CloseTimeout, timeProvider);
                await user.CloseAsync(session, limit.Token);
                return "";
            }
        }
        catch (RpcUnavailableException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return BrokerFailure.Reason(e);
        }
        catch (Exception e)
        {
            Failed(purpose, e);
            return $"an error of this host: {e.Message}";
        }
    }

    [LoggerMessage(2202, LogLevel.Information, "The connection for {Purpose} is up: broker {Broker}")]
    private partial void Connected(string purpose, string broker);

    [LoggerMessage(2203, LogLevel.Error, "The connection for {Purpose} is down, and tried again in {Seconds} s: {Reason}")]
    private partial void Lost(string purpose, string reason, double seconds);

    [LoggerMessage(2204, LogLevel.Error, "The connection for {Purpose} fails by an error of this host")]
    private partial void Failed(string purpose, Exception exception);
}
