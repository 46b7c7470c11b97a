using System.Diagnostics.CodeAnalysis;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Reporting;

/// <summary>Ports that wait to be reported ready, the first first, and the calls that are under way for them. Not thread-safe.</summary>
/// <param name="maxCalls">Calls at a time.</param>
/// <param name="maxBatch">Ports of a call.</param>
internal sealed class ReadyLane(int maxCalls, int maxBatch)
{
    private readonly Dictionary<PortId, int> _attempts = [];
    private readonly Queue<PortId> _order = new();
    private readonly int _maxBatch = maxBatch;
    private int _batch = maxBatch;

    /// <summary>Ports that wait.</summary>
    public int Waiting => _attempts.Count;

    /// <summary>Calls that are under way.</summary>
    public int Calls { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>When the next call may be made, after a failure.</summary>
    public long NotBefore { get; set; }

    public void Add(PortId port, int attempts)
    {
        if (_attempts.TryAdd(port, attempts))
        {
            _order.Enqueue(port);
        }
    }

    public void Remove(PortId port) => _attempts.Remove(port);

    /// <summary>Takes the ports of the next call, where there may be one: spread over the free calls, so that a slow port keeps few others waiting.</summary>
    public bool TryTake(long now, [MaybeNullWhen(false)] out List<(PortId Port, int Attempts)> ports)
    {
        ports = null;
        if (_attempts.Count == 0 || Calls >= maxCalls || (Failures > 0 && (now < NotBefore || Calls > 0)))
        {
            return false;
        }

        var free = Failures > 0 ? 1 : maxCalls - Calls;
        var size = Math.Clamp((_attempts.Count + free - 1) / free, 1, _batch);
        ports = new(size);
        while (ports.Count < size && _order.TryDequeue(out var port))
        {
            if (_attempts.Remove(port, out var attempts))
            {
                ports.Add((port, attempts));
            }
        }

        Calls++;
        return true;
    }

    public void Succeeded()
    {
        Calls--;
        (Failures, _batch) = (0, _maxBatch);
    }

    /// <summary>The next call is a smaller one: where one port makes the server fail, the others get through.</summary>
    public void Failed()
    {
        Calls--;
        (Failures, _batch) = (Failures + 1, Math.Max(1, _batch / 2));
    }
}
