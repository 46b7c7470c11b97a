using DhcpHost.Configuration;
using DhcpHost.Core.Limits;

namespace DhcpHost.Hosting;

/// <summary>The configuration in force, swapped whole by a reload.</summary>
internal sealed class LiveConfig(LoadedConfig started)
{
    private LoadedConfig _current = started;

    /// <summary>What the host was started with: tables that need a restart hold as they are here.</summary>
    public LoadedConfig Started { get; } = started;

    /// <summary>The newest that was valid.</summary>
    public LoadedConfig Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>The limits in force.</summary>
    public LimitsOptions Limits => Current.Config.Limits;
}
