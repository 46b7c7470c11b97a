using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Core.Plugins;

/// <summary>The right to call a driver. While one is held, the driver's plugin is not unloaded: hold it for one operation, then dispose it.</summary>
/// <typeparam name="TDriver">The kind of driver.</typeparam>
public abstract class DriverLease<TDriver> : IDisposable
    where TDriver : class, INetworkDriver
{
    /// <summary>The driver.</summary>
    public abstract TDriver Driver { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the right back.</summary>
    protected abstract void Dispose(bool disposing);
}
