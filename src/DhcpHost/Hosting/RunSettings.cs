namespace DhcpHost.Hosting;

/// <summary>What the command line says about a run.</summary>
public sealed record RunSettings
{
    /// <summary>The path of <c>host.toml</c>.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Whether the servers end with the host; by default they run on and are adopted by the next start.</summary>
    public bool StopServers { get; init; }
}
