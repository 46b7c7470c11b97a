using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>Who a driver is.</summary>
/// <param name="Id">Its name in <c>host.toml</c>, policies and handles.</param>
/// <param name="Version">Its own version, for people.</param>
/// <param name="ContractVersion">The contract that it was built against: <see cref="Plugins.PluginContract.Version"/> at its build.</param>
public sealed record DriverInfo(DriverId Id, string Version, Version ContractVersion);
