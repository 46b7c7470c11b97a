using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>
/// The servers that run on a machine that does not exist. It outlives the drivers on it, as processes outlive a host: a new
/// <see cref="FakeDhcpDriver"/> on the same machine is a host after a restart.
/// </summary>
public sealed class FakeMachine
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, FakeServer> _servers = [];
    private readonly Dictionary<int, FakeServer> _ended = [];
    private int _lastPid = 1000;
    private int _starts;
    private int _mostForOneKey;

    /// <summary>Raised, on the caller's thread, when a server ends that nobody stopped.</summary>
    internal event Action<FakeServer, ServerExit>? Exited;

    /// <summary>All that run.</summary>
    public IReadOnlyList<FakeServer> Servers
    {
        get
        {
            lock (_lock)
            {
                return [.. _servers.Values];
            }
        }
    }

    /// <summary>How often a server was started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>The most servers of ours that ever ran at once for one key: more than one is a broken promise.</summary>
    public int MostForOneKey => Volatile.Read(ref _mostForOneKey);

    /// <summary>The server for a key, if there is one.</summary>
    public FakeServer? Find(ServerKey key) => Servers.FirstOrDefault(server => server.Plan.Server == key);

    /// <summary>Ends a server as a crash would: drivers that watch notice.</summary>
    /// <returns>False where none runs for the key.</returns>
    public bool Kill(ServerKey key, ServerExit? exit = null)
    {
        if (Find(key) is not { } server || !Stop(server.Pid))
        {
            return false;
        }

        Exited?.Invoke(server, exit ?? new(null, 9, "killed"));
        return true;
    }

    /// <summary>Ends every server of a key unseen, as while no host runs.</summary>
    public void Vanish(ServerKey key)
    {
        foreach (var server in Servers.Where(server => server.Plan.Server == key))
        {
            _ = Stop(server.Pid);
        }
    }

    /// <summary>Changes a server behind the drivers' back.</summary>
    public void Change(ServerKey key, Func<FakeServer, FakeServer> change)
    {
        lock (_lock)
        {
            foreach (var server in _servers.Values.Where(server => server.Plan.Server == key).ToList())
            {
                _servers[server.Pid] = change(server);
            }
        }
    }

    /// <summary>Starts a server.</summary>
    public FakeServer Start(DhcpPlan plan, bool isOurs = true)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (_lock)
        {
            var server = new FakeServer(++_lastPid, plan) { IsOurs = isOurs };
            _servers.Add(server.Pid, server);
            _starts++;
            _mostForOneKey = Math.Max(_mostForOneKey, _servers.Values.Count(other => other.IsOurs && other.Plan.Server == plan.Server));
            return server;
        }
    }

    /// <summary>Gives a server another plan in place.</summary>
    public void Reload(int pid, DhcpPlan plan)
    {
        lock (_lock)
        {
            if (_servers.TryGetValue(pid, out var server))
            {
                _servers[pid] = server with { Plan = plan, Reloads = server.Reloads + 1, IsAsApplied = true };
            }
        }
    }

    /// <summary>Ends a server on purpose.</summary>
    /// <returns>False where it is gone already.</returns>
    public bool Stop(int pid)
    {
        lock (_lock)
        {
            return _servers.Remove(pid, out var server) && (_ended[pid] = server) is not null;
        }
    }

    /// <summary>What a server left when it ended, as one leaves its files; <c>null</c> where there is nothing.</summary>
    public FakeServer? FindEnded(int pid)
    {
        lock (_lock)
        {
            return _ended.GetValueOrDefault(pid);
        }
    }
}
