namespace DhcpHost.Core.Plugins;

/// <summary>Where a plugin stands.</summary>
public enum PluginState
{
    /// <summary>Its folder was found.</summary>
    Discovered,

    /// <summary>Its code is loaded and being started.</summary>
    Starting,

    /// <summary>It works.</summary>
    Ready,

    /// <summary>It works, but a driver of it says that it cannot do its work now.</summary>
    Unhealthy,

    /// <summary>It does not work; the reason says why. The host runs on without it.</summary>
    Failed,

    /// <summary>It is being ended, for a newer version or for good.</summary>
    Draining,
}
