using DhcpHost.Linux.Processes;

namespace DhcpHost.Testing.Lab;

/// <summary>A real DHCP client that runs in a station's namespace until it is disposed.</summary>
public abstract class DhcpClient : IAsyncDisposable
{
    private readonly LinuxLab _lab;
    private readonly ClientScript _script;
    private readonly Queue<DhcpEvent> _unread = [];

    private protected DhcpClient(LinuxLab lab, LabStation station, ClientScript script)
    {
        _lab = lab;
        _script = script;
        Station = station;
    }

    /// <summary>Where it runs.</summary>
    public LabStation Station { get; }

    /// <summary>Its process; null before <see cref="StartAsync"/>.</summary>
    public ServerProcess? Process { get; private set; }

    /// <summary>The directory of its files, gone after Dispose; its own messages are in <c>log</c>.</summary>
    protected string Directory => _script.Path;

    /// <summary>The script that it calls.</summary>
    protected string ScriptFile => _script.File;

    /// <summary>Starts it in the background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var spec = Command() with { OutputFile = Path.Combine(Directory, "log") };
        Process = await _lab.Spawner.SpawnAsync(Station.Namespace, spec, cancellationToken);
    }

    /// <summary>Starts it and waits for a lease; null if it has none by the deadline.</summary>
    public async Task<DhcpEvent?> RequestAsync(CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        await StartAsync(cancellationToken);
        return await WaitAsync(e => e.IsBound, cancellationToken, deadline);
    }

    /// <summary>Starts it and waits for a lease; fails the test, with the client's messages, if it has none by the deadline.</summary>
    public async Task<DhcpEvent> LeaseAsync(CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        var lease = await RequestAsync(cancellationToken, deadline);
        Xunit.Assert.True(lease is not null, $"{GetType().Name} got no lease: {ReadLog()}");
        return lease!;
    }

    /// <summary>Waits for the next event that fits, dropping those before it; null if there is none by the deadline.</summary>
    public async Task<DhcpEvent?> WaitAsync(Func<DhcpEvent, bool> fits, CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Eventually.DefaultDeadline;
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            foreach (var e in _script.TakeNew())
            {
                _unread.Enqueue(e);
            }
            while (_unread.TryDequeue(out var next))
            {
                if (fits(next))
                {
                    return next;
                }
            }
            if (TimeProvider.System.GetElapsedTime(start) > limit)
            {
                return null;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>What it said.</summary>
    public string ReadLog() => File.Exists(Path.Combine(Directory, "log")) ? File.ReadAllText(Path.Combine(Directory, "log")) : "";

    /// <summary>Kills it, without a release, and deletes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            _ = await Process.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
            Process.Dispose();
        }
        _script.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The program and its arguments, to run in the foreground.</summary>
    protected abstract SpawnSpec Command();
}
