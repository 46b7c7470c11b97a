using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Jobs;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Scripts;

namespace DhcpHost.Testing.Fakes;

/// <summary>Plugins, scripts and jobs as a test lists them.</summary>
public sealed class FakeCatalogs : IPluginCatalog, IScriptCatalog, IJobCatalog
{
    /// <inheritdoc/>
    public IReadOnlyList<PluginStatus> Plugins { get; set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<ScriptStatus> Scripts { get; set; } = [];

    /// <summary>What a check finds.</summary>
    public IReadOnlyList<ScriptStatus> Checked { get; set; } = [];

    /// <summary>The jobs.</summary>
    public IReadOnlyList<JobStatus> Jobs { get; set; } = [];

    /// <summary>Plugins that were reloaded.</summary>
    public List<PluginId> Reloaded { get; } = [];

    /// <inheritdoc/>
    public Task<bool> ReloadAsync(PluginId id, CancellationToken cancellationToken)
    {
        Reloaded.Add(id);
        return Task.FromResult(Plugins.Any(plugin => plugin.Id == id));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScriptStatus>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(Checked);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Jobs);

    /// <inheritdoc/>
    public Task<JobStatus?> RunNowAsync(string name, CancellationToken cancellationToken)
    {
        var job = Jobs.FirstOrDefault(job => job.Name == name);
        return Task.FromResult(job is null ? null : job with { Runs = job.Runs + 1 });
    }
}
