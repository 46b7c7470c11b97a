using System.Collections.Concurrent;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Jobs;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Scripts;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Jobs;

/// <summary>The job scripts in force. Each run loads its script anew and lets it go at the end: no run sees what another left.</summary>
internal sealed class JobScripts(
    ScriptingOptions options, Func<LimitsOptions> limits, TimeProvider timeProvider, ILoggerFactory loggers) : IJobScripts
{
    private readonly ConcurrentDictionary<string, JobScript> _scripts = new(StringComparer.Ordinal);
    private readonly ILogger _logger = loggers.CreateLogger("DhcpHost.Scripting.Jobs");

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. _scripts.Keys.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public async Task RunAsync(string name, IJobHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(host);
        if (!_scripts.TryGetValue(name, out var script))
        {
            throw new DhcpHostException(
                FailureKind.Invalid, $"There is no job script {Path.Combine(Path.GetFullPath(options.Directory), "jobs", name + ".csx")}; "
                    + $"write it, or correct the job's name in host.toml");
        }

        if (script.Image is null)
        {
            throw new DhcpHostException(FailureKind.Invalid, script.Problem ?? "It does not compile.");
        }

        script.CountCall();
        var run = new JobRun(script.Source!, script.Image, options, limits().JobTime, timeProvider);
        try
        {
            await run.RunAsync(new(host, loggers.CreateLogger($"DhcpHost.Jobs.{name}"), CancellationToken.None), cancellationToken);
        }
        catch (DhcpHostException exception)
        {
            script.CountFailure(exception.Message);
            ScriptLog.JobFailed(_logger, exception.InnerException, name, exception.Message);
            throw;
        }
    }

    /// <summary>The script with a name; <c>null</c> where there is none.</summary>
    public JobScript? Find(string name) => _scripts.GetValueOrDefault(name);

    /// <summary>Puts a content in force; runs under way go on with theirs.</summary>
    public void Replace(string name, ScriptSource source, ScriptImage image) =>
        _scripts.AddOrUpdate(name, _ => new JobScript(source, image, null), (_, old) => old.With(source, image, null));

    /// <summary>Notes why the newest content is not in force.</summary>
    public void Reject(string name, string problem) =>
        _scripts.AddOrUpdate(name, _ => new JobScript(null, null, problem), (_, old) => old.With(old.Source, old.Image, problem));

    /// <summary>Forgets one whose file is gone.</summary>
    public void Remove(string name) => _scripts.TryRemove(name, out _);
}
