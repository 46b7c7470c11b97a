using DhcpHost.Core.Scripts;
using DhcpHost.Scripting.Jobs;
using DhcpHost.Scripting.Policies;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Reload;

/// <summary>All scripts, for people: the policies whether they have a file or not, then jobs and files that are refused.</summary>
internal sealed class ScriptCatalog(ScriptScanner scanner, PolicyScripts policies, JobScripts jobs) : IScriptCatalog
{
    /// <inheritdoc/>
    public IReadOnlyList<ScriptStatus> Scripts
    {
        get
        {
            var files = scanner.Files;
            var known = files.Where(file => file.Kind is { IsPolicy: true }).ToDictionary(file => file.Name, StringComparer.Ordinal);
            return
            [
                .. policies.All.Select(policy => Describe(policy, known.GetValueOrDefault(policy.Kind.Id))),
                .. files.Where(file => file.Kind is not { IsPolicy: true }).Select(DescribeOther),
            ];
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ScriptStatus>> CheckAsync(CancellationToken cancellationToken)
    {
        var results = await scanner.CheckAsync(cancellationToken);
        return
        [
            .. results.OrderBy(result => result.File.Name, StringComparer.Ordinal).Select(result => new ScriptStatus
            {
                Name = result.File.Name,
                Path = PathOf(result.File),
                Hash = result.Source?.ShortHash,
                IsCurrent = result.Source is not null
                    && scanner.Files.Any(file => file.Name == result.File.Name && file.InForce == result.Source.ShortHash && file.Problems.Count == 0),
                Problems = [.. result.Problems],
            }),
        ];
    }

    private ScriptStatus Describe(IScriptedPolicy policy, ScriptFile? file)
    {
        var problems = new List<string>(file?.Problems ?? []);
        if (policy.AsideReason is { } aside)
        {
            problems.Add(aside);
        }
        else if (problems.Count == 0 && policy.LastFailure is { } failure)
        {
            problems.Add(failure);
        }

        return new()
        {
            Name = policy.Kind.Id,
            Path = file is null ? null : PathOf(file),
            Hash = file?.InForce,
            IsCurrent = file is null || (file.Problems.Count == 0 && policy.AsideReason is null),
            LoadedAt = file?.LoadedAt,
            Calls = policy.Calls,
            Failures = policy.Failures,
            Problems = [.. problems],
        };
    }

    private ScriptStatus DescribeOther(ScriptFile file)
    {
        var job = file.Kind == ScriptKind.Job ? jobs.Find(Path.GetFileNameWithoutExtension(file.Path)) : null;
        return new()
        {
            Name = file.Name,
            Path = PathOf(file),
            Hash = file.InForce,
            IsCurrent = file.InForce is not null && file.Problems.Count == 0,
            LoadedAt = file.LoadedAt,
            Calls = job?.Calls ?? 0,
            Failures = job?.Failures ?? 0,
            Problems = file.Problems.Count == 0 && job?.LastFailure is { } failure ? [failure] : [.. file.Problems],
        };
    }

    private string PathOf(ScriptFile file) => Path.Combine(scanner.Root, file.Path);
}
