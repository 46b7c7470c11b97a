using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Configuration;

namespace DhcpHost.Hosting;

/// <summary>The host without a running daemon: reads everything and touches nothing.</summary>
public static class OfflineHost
{
    /// <summary>Checks <c>host.toml</c>, loads the plugins with their options, compiles the scripts, and reads what the sources tell.</summary>
    public static async Task<CheckReport> CheckAsync(string configPath, CancellationToken cancellationToken)
    {
        var result = await new ConfigLoader(TimeProvider.System).LoadAsync(configPath, cancellationToken);
        if (!result.Succeeded)
        {
            return result.Refused is { Plugins: { } plugins } refused
                ? await RefusedConfigCheck.RunAsync(refused, plugins, cancellationToken)
                : new() { Problems = result.Errors, ExitCode = ExitCodes.Config };
        }

        await using var parts = new OfflineParts(result.Loaded, TimeProvider.System);
        await parts.Plugins.StartAsync(first: null, cancellationToken);
        var scripts = await parts.Scripts.Catalog.CheckAsync(cancellationToken);
        var problems = parts.PluginProblems.Concat(scripts.SelectMany(script => script.Problems)).ToList();
        foreach (var job in result.Loaded.Jobs.Values.Where(job => job.Script is not null && !scripts.Any(script => script.Name == $"jobs/{job.Script}")))
        {
            problems.Add(result.Loaded.Document.ErrorAt(
                $"jobs.{job.Name}.script", $"there is no script {job.Script}.csx in {result.Loaded.Config.Scripts.Directory}/jobs").ToString());
        }

        var networks = 0;
        foreach (var source in parts.Plugins.Registry.Sources)
        {
            networks += await ReadAsync(source, problems, cancellationToken);
        }

        return new()
        {
            Problems = problems,
            Plugins = parts.Plugins.Plugins,
            Scripts = scripts,
            Networks = networks,
            ExitCode = parts.Plugins.UnclaimedTables.Count > 0 ? ExitCodes.Config : problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success,
        };
    }

    /// <summary>Compiles the scripts as they are on disk.</summary>
    public static async Task<CheckReport> CheckScriptsAsync(string configPath, CancellationToken cancellationToken)
    {
        var result = await new ConfigLoader(TimeProvider.System).LoadAsync(configPath, cancellationToken);
        if (!result.Succeeded)
        {
            return new() { Problems = result.Errors, ExitCode = ExitCodes.Config };
        }

        await using var parts = new OfflineParts(result.Loaded, TimeProvider.System);
        var scripts = await parts.Scripts.Catalog.CheckAsync(cancellationToken);
        var problems = scripts.SelectMany(script => script.Problems).ToList();
        return new() { Problems = problems, Scripts = scripts, ExitCode = problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success };
    }

    /// <summary>Says what a start would do to each network, or to one.</summary>
    public static async Task<PlanReport> PlanAsync(string configPath, NetworkId? networkId, CancellationToken cancellationToken)
    {
        var result = await new ConfigLoader(TimeProvider.System).LoadAsync(configPath, cancellationToken);
        if (!result.Succeeded)
        {
            return new([], result.Errors, ExitCodes.Config);
        }

        await using var parts = new OfflineParts(result.Loaded, TimeProvider.System);
        await Task.WhenAll(parts.Plugins.StartAsync(first: null, cancellationToken), parts.Scripts.StartAsync(epoll: null, cancellationToken));
        var problems = parts.PluginProblems.ToList();
        var networks = new List<Core.Engine.NetworkPreview>();
        try
        {
            await foreach (var preview in parts.Engine.PlanAsync(networkId, cancellationToken))
            {
                networks.Add(preview);
            }
        }
        catch (DhcpHostException exception)
        {
            problems.Add(exception.Message);
        }

        foreach (var source in parts.Plugins.Registry.Sources)
        {
            problems.AddRange(await FindProblemsAsync(source, cancellationToken));
        }

        if (networkId is { } id && networks.Count == 0)
        {
            problems.Add($"There is no network '{id}': no source tells of it, and nothing runs for it.");
        }

        return new(networks, problems, parts.Plugins.UnclaimedTables.Count > 0 ? ExitCodes.Config : problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success);
    }

    private static async Task<int> ReadAsync(INetworkSource source, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            var networks = await source.ListAsync(cancellationToken);
            problems.AddRange(await FindProblemsAsync(source, cancellationToken));
            return networks.Count;
        }
        catch (DhcpHostException exception)
        {
            problems.Add($"source {source.Id}: {exception.Message}");
            return 0;
        }
    }

    /// <summary>What a source that was listed cannot read: the first thing that a watch tells is its health.</summary>
    private static async Task<IReadOnlyList<string>> FindProblemsAsync(INetworkSource source, CancellationToken cancellationToken)
    {
        await foreach (var news in source.WatchAsync(cancellationToken))
        {
            return news is SourceEvent.HealthChanged { Health: var health }
                ? [.. health.Problems, .. health.IsHealthy ? Array.Empty<string>() : [$"source {source.Id}: {health.Message}"]]
                : [];
        }

        return [];
    }
}
