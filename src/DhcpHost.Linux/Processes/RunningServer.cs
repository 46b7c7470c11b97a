using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Linux.Processes;

/// <summary>A server that runs, started or adopted.</summary>
public sealed class RunningServer(ServerKey key, ServerProcess process) : IDisposable
{
    private int _isStopping;

    /// <summary>What it is for.</summary>
    public ServerKey Key => key;

    /// <summary>Its process.</summary>
    public ServerProcess Process => process;

    /// <summary>Its process' identity.</summary>
    public ProcessIdentity Identity => process.Identity;

    /// <summary>Its end is our wish, and no news.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping) != 0;

    /// <summary>Ends it.</summary>
    /// <param name="grace">How long it has, from being asked to being killed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="ask">The signal that asks it to end.</param>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken, ProcessSignal ask = ProcessSignal.Terminate)
    {
        _ = Interlocked.Exchange(ref _isStopping, 1);
        _ = await process.TerminateAsync(grace, cancellationToken, ask);
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose() => process.Dispose();
}
