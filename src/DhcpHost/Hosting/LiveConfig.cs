using DhcpHost.Configuration;
using DhcpHost.Core.Limits;

namespace DhcpHost.Hosting;

/// <summary>The configuration in force, swapped whole by a reload.</summary>
internal sealed class LiveConfig(LoadedConfig started)
{
    private LoadedConfig _current = started;
    private string? _problem;

    /// <summary>What the host was started with: tables that need a restart hold as they are here.</summary>
    public LoadedConfig Started { get; } = started;

    /// <summary>The newest that was valid.</summary>
    public LoadedConfig Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>Why the <c>host.toml</c> that was read last is not in force; <c>null</c> where it is.</summary>
    public string? Problem
    {
        get => Volatile.Read(ref _problem);
        set => Volatile.Write(ref _problem, value);
    }

    /// <summary>The limits in force.</summary>
    public LimitsOptions Limits => Current.Config.Limits;
}
