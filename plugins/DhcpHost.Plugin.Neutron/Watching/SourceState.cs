using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Server;

namespace DhcpHost.Plugin.Neutron.Watching;

/// <summary>How the source is, made of what its parts know; told whenever it changes. Thread-safe.</summary>
internal sealed class SourceState
{
    private readonly Lock _lock = new();
    private readonly EventHub _events;
    private readonly NetworkProblems _problems;
    private string? _broker;
    private string? _lost;
    private bool _isListed;
    private string? _unreported;

    public SourceState(EventHub events, NetworkProblems problems)
    {
        (_events, _problems) = (events, problems);
        problems.Changed = Publish;
    }

    /// <summary>Takes in that the server answers.</summary>
    public void Listed()
    {
        lock (_lock)
        {
            _isListed = true;
        }

        Publish();
    }

    public void Connected(string broker)
    {
        lock (_lock)
        {
            _broker = broker;
        }

        Publish();
    }

    public void Disconnected(string reason)
    {
        lock (_lock)
        {
            (_broker, _lost) = (null, reason);
        }

        Publish();
    }

    /// <summary>Takes in what became of a report of the agent.</summary>
    public void Reported(string? failure)
    {
        lock (_lock)
        {
            _unreported = failure;
        }

        Publish();
    }

    private void Publish()
    {
        var problems = _problems.Current;
        var dropped = _problems.Dropped is > 0 and var count ? $"; {count} messages could not be read and were dropped" : "";
        lock (_lock)
        {
            var (isHealthy, message) = (_broker, _unreported) switch
            {
                (null, _) when _lost is null && _isListed => (true, "Neutron's server answers; its messages are not received yet"),
                (null, _) => (false, $"Neutron's messages are not received: {_lost ?? "no broker has been reached yet"}"),
                ({ } broker, { } failure) => (false, $"connected to {broker}, but Neutron's server takes no reports of this agent: {failure}"),
                ({ } broker, null) => (true, $"connected to {broker}{dropped}"),
            };
            _events.Publish(new SourceEvent.HealthChanged(new() { IsHealthy = isHealthy, Message = message, Problems = problems }));
        }
    }
}
