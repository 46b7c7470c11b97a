using DhcpHost.Abstractions.Sources;
using DhcpHost.Neutron;
using DhcpHost.Neutron.Notifications;
using DhcpHost.Plugin.Neutron.Messaging;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron;

internal sealed partial class NeutronNetworkSource
{
    /// <summary>Addresses of a port that a message tells, at most; in Neutron a port has a few.</summary>
    private const int MaxFixedIps = 1024;

    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Takes in what the transport tells, until it is stopped.</summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var item in _transport.ListenAsync(cancellationToken))
                {
                    TakeWhole(item, cancellationToken);
                }

                _state.Disconnected("the transport ended");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogListenFailed(exception);
                _state.Disconnected(exception.Message);
            }

            await Task.Delay(ListenAgainAfter, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes an item in; one that nobody expected is dropped whole, and the next one is read.</summary>
    private void TakeWhole(RpcEvent item, CancellationToken cancellationToken)
    {
        try
        {
            Take(item, cancellationToken);
        }
        catch (Exception exception)
        {
            _problems.Count($"an unexpected failure: {exception.Message}");
            LogTakeFailed(item.GetType().Name, exception);
        }
    }

    private void Take(RpcEvent item, CancellationToken cancellationToken)
    {
        switch (item)
        {
            case RpcEvent.Cast cast:
                Take(cast);
                break;
            case RpcEvent.Connected connected:
                Connected(connected, cancellationToken);
                break;
            case RpcEvent.Disconnected disconnected:
                LogDisconnected(disconnected.Reason);
                _state.Disconnected(disconnected.Reason);
                break;
            case RpcEvent.Dropped dropped:
                _problems.Count(dropped.Reason);
                break;
        }
    }

    private void Take(RpcEvent.Cast cast)
    {
        Notification? notification;
        try
        {
            notification = NotificationReader.Read(cast.Method, cast.Arguments);
        }
        catch (NeutronFormatException exception)
        {
            _problems.Count($"{cast.Method}: {exception.Message}");
            return;
        }

        if (notification is null)
        {
            LogUnknownMethod(cast.Method);
            return;
        }

        if (notification is Notification.PortChanged port)
        {
            foreach (var refusal in port.Refusals)
            {
                _problems.Count($"{cast.Method} of port {port.Port.Id}: {refusal.Subject}: {refusal.Reason}");
            }

            if (port.Port.FixedIps.Count > MaxFixedIps)
            {
                _problems.Count($"{cast.Method} of port {port.Port.Id}: it has {port.Port.FixedIps.Count} addresses; more than {MaxFixedIps} are not taken in");
                return;
            }
        }

        foreach (var change in _notifications.Handle(notification))
        {
            _events.Publish(change);
        }
    }

    private void Connected(RpcEvent.Connected connected, CancellationToken cancellationToken)
    {
        LogConnected(connected.Broker);
        var isListed = Volatile.Read(ref _wasListed);
        var isNews = _connected.TrySetResult();
        _state.Connected(connected.Broker);
        _agent.Wake();
        _ready.Retry();
        if (!isNews && _resyncing.IsCompleted)
        {
            // Messages were lost, or wait at the broker: nobody knows which.
            _resyncing = ResyncLaterAsync("the connection to the broker was lost", cancellationToken);
        }
        else if (isNews && Volatile.Read(ref _isListWanted))
        {
            // Whoever failed to list meanwhile need not wait on.
            _events.Publish(new SourceEvent.ResyncNeeded("the broker is reached"));
        }
        else if (isNews && isListed)
        {
            // The list was waited for no longer than this connection, and what changed since was told to nobody.
            _events.Publish(new SourceEvent.ResyncNeeded("Neutron's messages are received only now"));
        }
    }

    /// <summary>All agents of a site lose a broker at the same moment: they do not all come back at the same.</summary>
    private async Task ResyncLaterAsync(string reason, CancellationToken cancellationToken)
    {
        await Task.Delay(_options.ResyncJitter * Random.Shared.NextDouble(), _timeProvider, cancellationToken);
        _events.Publish(new SourceEvent.ResyncNeeded(reason));
    }

    /// <summary>What the server made of a report of this agent.</summary>
    private void Answered(string answer, bool isTaken)
    {
        _state.Reported(isTaken ? null : answer);
        if (isTaken && answer is "new" or "revived" && Volatile.Read(ref _wasListed))
        {
            // It was taken for dead, and its networks may have been given to others; or deleted, and has none.
            _events.Publish(new SourceEvent.ResyncNeeded($"Neutron's server says that this agent is {answer}"));
        }
    }

    [LoggerMessage(2256, LogLevel.Information, "Connected to the broker {Broker}: Neutron's messages are received")]
    private partial void LogConnected(string broker);

    [LoggerMessage(2257, LogLevel.Warning, "The connection to Neutron's broker is lost: {Reason}")]
    private partial void LogDisconnected(string reason);

    [LoggerMessage(2258, LogLevel.Debug, "Neutron's server casts {Method}, which this agent does not have")]
    private partial void LogUnknownMethod(string method);

    [LoggerMessage(2259, LogLevel.Error, "Neutron's messages cannot be received for now; trying again")]
    private partial void LogListenFailed(Exception exception);

    [LoggerMessage(2262, LogLevel.Error, "A message of Neutron's ({Kind}) was dropped after an unexpected failure: this is a bug")]
    private partial void LogTakeFailed(string kind, Exception exception);

    [LoggerMessage(2260, LogLevel.Information, "Neutron gives this host {Networks} networks")]
    private partial void LogListed(int networks);

    [LoggerMessage(2261, LogLevel.Warning, "Neutron's server did not take a report of this agent within {StartTime}: it may not give it all its networks yet")]
    private partial void LogNotStarted(TimeSpan startTime);
}
