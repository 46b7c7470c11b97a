using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>Runs a network's DHCP server.</summary>
public interface IDhcpDriver : INetworkDriver<DhcpPlan, ApplyResult>
{
    /// <summary>
    /// The leases that the server holds now; of one that ended, or was removed as <see cref="RemoveReason.Disabled"/>, those that it held at its end.
    /// Empty where <see cref="DriverCapabilities.LeaseQuery"/> is false.
    /// </summary>
    Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken);

    /// <summary>Ends a lease. False where the server holds no such lease.</summary>
    /// <exception cref="Failures.DhcpHostException"><see cref="DriverCapabilities.LeaseRelease"/> is false, or the server refused.</exception>
    Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken);
}
