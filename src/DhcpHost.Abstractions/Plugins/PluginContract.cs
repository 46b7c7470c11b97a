namespace DhcpHost.Abstractions.Plugins;

/// <summary>The contract between the host and its plugins.</summary>
public static class PluginContract
{
    /// <summary>
    /// The contract of this assembly. A host takes plugins of its own major version whose minor version is not above its own; within a major
    /// version the contract only grows.
    /// </summary>
    public static Version Version { get; } = new(1, 1);
}
