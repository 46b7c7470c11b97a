using DhcpHost.Plugin.Neutron.Messaging.Broker;

namespace DhcpHost.Plugin.Neutron.Messaging.Calls;

/// <summary>The session that calls go through, or why there is none now.</summary>
internal sealed class CallLine(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerSession? _session;
    private string? _blocked;
    private bool _isEnded;
    private string _reason = "no broker has been reached yet";

    public void Open(BrokerSession session) => Change(() => (_session, _blocked) = (session, null));

    public void Close(string reason) => Change(() => (_session, _reason) = (null, reason));

    /// <summary>There will be none any more.</summary>
    public void End() => Change(() => (_session, _isEnded, _reason) = (null, true, "the host stops"));

    /// <param name="session">Which one.</param>
    /// <param name="reason">Why the broker takes nothing that is published; null when it does again.</param>
    public void Block(BrokerSession session, string? reason) => Change(() => _blocked = ReferenceEquals(session, _session) ? reason : _blocked);

    /// <summary>Waits for a session that works.</summary>
    /// <exception cref="RpcUnavailableException">There is none within the time.</exception>
    public async Task<BrokerSession> ReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            Task changed;
            string reason;
            lock (_lock)
            {
                if (_session is { Lost.IsCompleted: false } session && _blocked is null)
                {
                    return session;
                }

                changed = _changed.Task;
                limit = _isEnded ? TimeSpan.Zero : limit;
                reason = _session is null ? _reason : _blocked is null ? "the connection is lost" : $"the broker takes no messages: {_blocked}";
            }

            var left = limit - timeProvider.GetElapsedTime(start);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw new RpcUnavailableException(reason);
            }
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = changed.TrySetResult();
    }
}
