using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>A DHCP driver under test, with the machine that its servers run on and with what a test does behind its back.</summary>
public abstract class DhcpDriverSubject : IAsyncDisposable
{
    /// <summary>The driver of the host that runs now.</summary>
    public abstract IDhcpDriver Driver { get; }

    /// <summary>Makes an interface for a server, on a wire of its own.</summary>
    public abstract Task<InterfaceBinding> NewInterfaceAsync(IReadOnlyList<IPInterfaceAddress> addresses, CancellationToken cancellationToken);

    /// <summary>Ends the host without a word, as SIGKILL does, and starts another: <see cref="Driver"/> is a new one, servers run on.</summary>
    public abstract void RestartHost();

    /// <summary>Kills the server of a key, behind the driver's back.</summary>
    public abstract Task KillServerAsync(ServerKey key, CancellationToken cancellationToken);

    /// <summary>How many servers of the driver run for a key, by the machine's own account.</summary>
    public abstract int CountServers(ServerKey key);

    /// <summary>Takes the server away and gives its place in the handle (its pid) to something that is not the driver's.</summary>
    /// <returns>The handle, and whether what is there now still lives.</returns>
    public abstract Task<(DriverHandle Handle, Func<bool> Lives)> ReplaceByForeignAsync(DriverHandle handle, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
