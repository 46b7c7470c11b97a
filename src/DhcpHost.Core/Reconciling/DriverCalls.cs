using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Core.Reconciling;

/// <summary>
/// The one way to a driver. A driver is never called twice at once for one <see cref="ServerKey"/>, not even by a call that was given up because it did not
/// return: the next one waits for it, up to its own deadline. The plugin's code runs on a thread of the pool, so that the caller gets its deadline even
/// where a call blocks before its first await.
/// </summary>
internal sealed class DriverCalls(IDriverRegistry registry)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DriverKind, DriverId, ServerKey), Gate> _gates = [];

    public static DriverKind KindOf<TDriver>()
        where TDriver : class, INetworkDriver =>
        typeof(TDriver) == typeof(IInterfaceDriver) ? DriverKind.Interface : typeof(TDriver) == typeof(IDhcpDriver) ? DriverKind.Dhcp : DriverKind.Metadata;

    /// <summary>Rents a driver and calls it.</summary>
    /// <exception cref="DhcpHostException">The driver's failure; <see cref="FailureKind.Transient"/> where it is not loaded.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait; the call may go on.</exception>
    public async Task<T> CallAsync<TDriver, T>(
        DriverId id, ServerKey server, Func<TDriver, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        cancellationToken.ThrowIfCancellationRequested();
        var running = Task.Run(() => RunAsync(id, server, call, cancellationToken), CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody awaits it any more: its failure, if it comes, was answered by the deadline already.
            _ = running.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<T> RunAsync<TDriver, T>(
        DriverId id, ServerKey server, Func<TDriver, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        var key = (KindOf<TDriver>(), id, server);
        var gate = Enter(key);
        try
        {
            await gate.Free.WaitAsync(cancellationToken);
            try
            {
                using var lease = await registry.RentAsync<TDriver>(id, cancellationToken);
                return await call(lease.Driver, cancellationToken);
            }
            finally
            {
                gate.Free.Release();
            }
        }
        finally
        {
            Leave(key, gate);
        }
    }

    private Gate Enter((DriverKind, DriverId, ServerKey) key)
    {
        lock (_lock)
        {
            if (!_gates.TryGetValue(key, out var gate))
            {
                _gates.Add(key, gate = new());
            }

            gate.Callers++;
            return gate;
        }
    }

    private void Leave((DriverKind, DriverId, ServerKey) key, Gate gate)
    {
        lock (_lock)
        {
            if (--gate.Callers == 0)
            {
                _gates.Remove(key);
                gate.Free.Dispose();
            }
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Callers { get; set; }
    }
}
