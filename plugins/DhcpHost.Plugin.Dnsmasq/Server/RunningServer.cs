using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>A server that runs, started or adopted.</summary>
internal sealed class RunningServer(ServerKey key, ServerProcess process) : IDisposable
{
    private int _isStopping;

    public ServerKey Key => key;

    public ServerProcess Process => process;

    public ProcessIdentity Identity => process.Identity;

    /// <summary>Its end is our wish, and no news.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping) != 0;

    /// <summary>Ends it.</summary>
    public async Task StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        _ = Interlocked.Exchange(ref _isStopping, 1);
        _ = await process.TerminateAsync(grace, cancellationToken);
    }

    public void Dispose() => process.Dispose();
}
