using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Plugins;
using DhcpHost.Plugins.Loading;

namespace DhcpHost.Plugins.Registry;

/// <summary>One driver of one version of a plugin, and who calls it right now.</summary>
internal sealed class DriverGeneration(Abstractions.Networks.PluginId plugin, OfferedDriver offered)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<DriverHealth> _firstHealth = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private INetworkDriver? _driver = offered.Driver;
    private RegisteredDriver _registered =
        new(plugin, offered.Kind, offered.Info, offered.Capabilities, new(IsHealthy: false, "it has not told its health yet"));

    private TaskCompletionSource? _drained;
    private int _rents;

    public DriverKey Key { get; } = new(offered.Kind, offered.Info.Id);

    /// <summary>Who it is, with its last health.</summary>
    public RegisteredDriver Registered => Volatile.Read(ref _registered);

    /// <summary>The first health that it told.</summary>
    public Task<DriverHealth> FirstHealth => _firstHealth.Task;

    /// <summary>
    /// Whether what it notices goes to the engine: from the moment when handles are given to it until another version took them over.
    /// </summary>
    public bool IsLive { get; set; }

    /// <summary>The driver; <c>null</c> once its plugin is being unloaded.</summary>
    public INetworkDriver? Driver => Volatile.Read(ref _driver);

    public void Tell(DriverHealth health)
    {
        lock (_lock)
        {
            Volatile.Write(ref _registered, _registered with { Health = health });
        }

        _ = _firstHealth.TrySetResult(health);
    }

    public INetworkDriver Rent()
    {
        lock (_lock)
        {
            _rents++;
            return _driver ?? throw new InvalidOperationException($"{Key} was let go of while it could still be rented");
        }
    }

    public void Return()
    {
        lock (_lock)
        {
            if (--_rents == 0)
            {
                _ = _drained?.TrySetResult();
            }
        }
    }

    /// <summary>How many hold it.</summary>
    public int Rents
    {
        get
        {
            lock (_lock)
            {
                return _rents;
            }
        }
    }

    /// <summary>Ends when nobody holds it. Nobody new may come meanwhile.</summary>
    public Task DrainedAsync()
    {
        lock (_lock)
        {
            if (_rents == 0)
            {
                return Task.CompletedTask;
            }

            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>Forgets the driver, so that its code can go.</summary>
    public void LetGo() => Volatile.Write(ref _driver, null);
}
