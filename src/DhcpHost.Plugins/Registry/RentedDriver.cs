using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Registry;

/// <summary>A right that counts: the version that it is for stays in memory until it is given back.</summary>
internal sealed class RentedDriver<TDriver>(DriverGeneration generation) : DriverLease<TDriver>
    where TDriver : class, INetworkDriver
{
    private DriverGeneration? _generation = generation;
    private TDriver? _driver = (TDriver)generation.Rent();

    public override TDriver Driver =>
        _driver ?? throw new ObjectDisposedException(nameof(DriverLease<TDriver>), "The driver was given back; rent it anew.");

    protected override void Dispose(bool disposing)
    {
        _driver = null;
        Interlocked.Exchange(ref _generation, null)?.Return();
    }
}
