using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Reconciling;

/// <summary>Calls of the operations that all three kinds of driver share, by a stored handle.</summary>
internal static class Handles
{
    /// <summary>Bytes of a handle's state, at most (<see cref="DriverHandle"/>).</summary>
    public const int MaxStateBytes = 64 << 10;

    public static Task<RecoverResult> RecoverAsync(this DriverCalls calls, StoredHandle stored, CancellationToken cancellationToken) => stored.Kind switch
    {
        DriverKind.Interface => calls.CallAsync<IInterfaceDriver, RecoverResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.RecoverAsync(stored.Handle, token), cancellationToken),
        DriverKind.Dhcp => calls.CallAsync<IDhcpDriver, RecoverResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.RecoverAsync(stored.Handle, token), cancellationToken),
        _ => calls.CallAsync<IMetadataDriver, RecoverResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.RecoverAsync(stored.Handle, token), cancellationToken),
    };

    public static Task<InspectResult> InspectAsync(this DriverCalls calls, StoredHandle stored, CancellationToken cancellationToken) => stored.Kind switch
    {
        DriverKind.Interface => calls.CallAsync<IInterfaceDriver, InspectResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.InspectAsync(stored.Handle, token), cancellationToken),
        DriverKind.Dhcp => calls.CallAsync<IDhcpDriver, InspectResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.InspectAsync(stored.Handle, token), cancellationToken),
        _ => calls.CallAsync<IMetadataDriver, InspectResult>(
            stored.Handle.DriverId, stored.Handle.Server, (driver, token) => driver.InspectAsync(stored.Handle, token), cancellationToken),
    };

    public static Task RemoveAsync(this DriverCalls calls, StoredHandle stored, RemoveReason reason, CancellationToken cancellationToken) => stored.Kind switch
    {
        DriverKind.Interface =>
            calls.RemoveAsync<IInterfaceDriver>(stored, (driver, token) => driver.RemoveAsync(stored.Handle, reason, token), cancellationToken),
        DriverKind.Dhcp => calls.RemoveAsync<IDhcpDriver>(stored, (driver, token) => driver.RemoveAsync(stored.Handle, reason, token), cancellationToken),
        _ => calls.RemoveAsync<IMetadataDriver>(stored, (driver, token) => driver.RemoveAsync(stored.Handle, reason, token), cancellationToken),
    };

    /// <summary>Asks a driver directly, as its plugin is swapped and nobody can rent it.</summary>
    public static Task<RecoverResult> RecoverAsync(this INetworkDriver driver, StoredHandle stored, CancellationToken cancellationToken) =>
        (driver, stored.Kind) switch
        {
            (IInterfaceDriver known, DriverKind.Interface) => known.RecoverAsync(stored.Handle, cancellationToken),
            (IDhcpDriver known, DriverKind.Dhcp) => known.RecoverAsync(stored.Handle, cancellationToken),
            (IMetadataDriver known, DriverKind.Metadata) => known.RecoverAsync(stored.Handle, cancellationToken),
            _ => Task.FromResult(new RecoverResult(RecoverOutcome.Recovered, "another kind of driver")),
        };

    /// <summary>
    /// Checks what a driver gave: a handle that says something else than it was asked for could be neither found nor removed later.
    /// </summary>
    /// <exception cref="DhcpHostException">It is wrong: a bug of the driver.</exception>
    public static void Check(DriverHandle handle, Abstractions.Networks.DriverId driver, ServerKey server)
    {
        if (handle.DriverId != driver || handle.Server != server)
        {
            throw new DhcpHostException(
                FailureKind.Bug, $"The driver {driver} was asked for {server}, but gave a handle of the driver {handle.DriverId} for {handle.Server}.");
        }

        if (Encoding.UTF8.GetByteCount(handle.State) is > MaxStateBytes and var bytes)
        {
            throw new DhcpHostException(FailureKind.Bug, $"The driver {driver} gave a handle of {bytes} bytes for {server}; {MaxStateBytes} are allowed.");
        }
    }

    private static Task<bool> RemoveAsync<TDriver>(
        this DriverCalls calls, StoredHandle stored, Func<TDriver, CancellationToken, Task> remove, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver =>
        calls.CallAsync<TDriver, bool>(
            stored.Handle.DriverId,
            stored.Handle.Server,
            async (driver, token) =>
            {
                await remove(driver, token);
                return true;
            },
            cancellationToken);
}
