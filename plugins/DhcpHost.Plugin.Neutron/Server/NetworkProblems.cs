using DhcpHost.Abstractions.Networks;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>What of Neutron's data could not be read: a part of it is not served. Thread-safe.</summary>
internal sealed partial class NetworkProblems(ILogger logger)
{
    private const int MaxNetworks = 1_000;
    private const int MaxOfNetwork = 10;
    private const int MaxTold = 20;
    private const int MaxLogged = 1_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<NetworkId, EquatableArray<string>> _problems = [];
    private readonly HashSet<string> _logged = [];
    private long _dropped;

    /// <summary>Called, outside the lock, when they changed.</summary>
    public Action? Changed { get; set; }

    /// <summary>Messages, or parts of them, that could not be read. They show in the health the next time that something else does.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The first of them.</summary>
    public EquatableArray<string> Current
    {
        get
        {
            lock (_lock)
            {
                return _problems.Values.SelectMany(problems => problems).Take(MaxTold).ToEquatableArray();
            }
        }
    }

    /// <summary>Takes in all problems of a network, in place of earlier ones.</summary>
    public void Set(NetworkId id, IEnumerable<string> problems)
    {
        var next = problems.Take(MaxOfNetwork).ToEquatableArray();
        lock (_lock)
        {
            var held = _problems.GetValueOrDefault(id);
            if (next == held || (held.IsEmpty && _problems.Count >= MaxNetworks))
            {
                return;
            }

            if (next.IsEmpty)
            {
                _problems.Remove(id);
            }
            else
            {
                _problems[id] = next;
            }
        }

        foreach (var problem in next)
        {
            Log(problem);
        }

        Changed?.Invoke();
    }

    /// <summary>Forgets those of a network.</summary>
    public void Forget(NetworkId id) => Set(id, []);

    /// <summary>Forgets those of all other networks.</summary>
    public void Keep(IReadOnlySet<NetworkId> ids)
    {
        List<NetworkId> others;
        lock (_lock)
        {
            others = [.. _problems.Keys.Where(id => !ids.Contains(id))];
        }

        others.ForEach(Forget);
    }

    /// <summary>Takes in a message that was dropped.</summary>
    public void Count(string problem)
    {
        Interlocked.Increment(ref _dropped);
        Log(problem);
    }

    /// <summary>Each problem once: it comes with every message about its network.</summary>
    private void Log(string problem)
    {
        lock (_lock)
        {
            if (_logged.Count >= MaxLogged)
            {
                _logged.Clear();
            }

            if (!_logged.Add(problem))
            {
                return;
            }
        }

        LogProblem(problem);
    }

    [LoggerMessage(2250, LogLevel.Warning, "Neutron sent what cannot be read, and is left out: {Problem}")]
    private partial void LogProblem(string problem);
}
