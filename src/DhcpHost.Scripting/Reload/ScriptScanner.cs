using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Limits;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Jobs;
using DhcpHost.Scripting.Policies;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Reload;

/// <summary>Reads all scripts, compiles what is new, and puts in force what is good. One scan at a time.</summary>
internal sealed class ScriptScanner(
    ScriptingOptions options,
    Func<LimitsOptions> limits,
    IScriptCompiler compiler,
    PolicyScripts policies,
    JobScripts jobs,
    ScriptReports reports,
    TimeProvider timeProvider) : IDisposable
{
    private static readonly TimeSpan MissingGrace = TimeSpan.FromSeconds(1);
    private readonly string _root = Path.GetFullPath(options.Directory);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _filesLock = new();
    private readonly SortedDictionary<string, ScriptFile> _files = new(StringComparer.Ordinal);

    /// <summary>The scripts' folder, whole.</summary>
    public string Root => _root;

    /// <summary>The files as the last scan left them.</summary>
    public IReadOnlyList<ScriptFile> Files
    {
        get
        {
            lock (_filesLock)
            {
                return [.. _files.Values];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Scans once.</summary>
    /// <param name="isExplicit">A file that is not there is gone, not in the middle of being saved.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>Whether a file seems to be gone and the scan is to be repeated soon.</returns>
    public async Task<bool> ScanAsync(bool isExplicit, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var found = ScriptFolder.List(_root);
            var isUnsure = NoteMissing(found.Select(item => item.Name).ToHashSet(StringComparer.Ordinal), isExplicit);
            var changed = new List<(ScriptFile File, ScriptSource Source)>();
            var count = 0;
            foreach (var (name, kind, path) in found)
            {
                var file = GetFile(name, kind, path);
                file.MissingSince = null;
                if (await ReadAsync(file, ++count, cancellationToken) is { } source && source.Hash != file.TriedHash)
                {
                    changed.Add((file, source));
                }
            }

            if (changed.Count > 0)
            {
                await PutInForceAsync(changed, cancellationToken);
            }

            return isUnsure;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    /// <summary>Compiles and tries all scripts as they are on disk, and puts none in force: what is wrong with each, by name.</summary>
    public async Task<IReadOnlyList<(ScriptFile File, ScriptSource? Source, IReadOnlyList<string> Problems)>> CheckAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var results = new List<(ScriptFile, ScriptSource?, IReadOnlyList<string>)>();
            var good = new List<(ScriptFile File, ScriptSource Source)>();
            var count = 0;
            foreach (var (name, kind, path) in ScriptFolder.List(_root))
            {
                var file = new ScriptFile(name, kind, path);
                if (await ReadAsync(file, ++count, cancellationToken) is { } source)
                {
                    good.Add((file, source));
                }
                else
                {
                    results.Add((file, null, file.Problems));
                }
            }

            var compiled = await compiler.CompileAsync([.. good.Select(item => item.Source)], cancellationToken);
            foreach (var ((file, source), script) in good.Zip(compiled))
            {
                results.Add((file, source, [.. (await TryAsync(source, script, isPutInForce: false, cancellationToken)).Select(Format)]));
            }

            return results;
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    private ScriptFile GetFile(string name, ScriptKind? kind, string path)
    {
        lock (_filesLock)
        {
            if (!_files.TryGetValue(name, out var file))
            {
                _files[name] = file = new(name, kind, path);
            }

            return file;
        }
    }

    private bool NoteMissing(HashSet<string> found, bool isExplicit)
    {
        var isUnsure = false;
        foreach (var file in Files.Where(file => !found.Contains(file.Name)))
        {
            file.MissingSince ??= timeProvider.GetTimestamp();
            if (!isExplicit && timeProvider.GetElapsedTime(file.MissingSince.Value) < MissingGrace)
            {
                isUnsure = true;
                continue;
            }

            lock (_filesLock)
            {
                _ = _files.Remove(file.Name);
            }

            if (file.Kind is { IsPolicy: true } kind)
            {
                FindPolicy(kind).Remove();
                if (file.InForce is not null)
                {
                    policies.Advance();
                }

                reports.Removed(file.Name);
            }
            else if (file.Kind is not null)
            {
                jobs.Remove(Path.GetFileNameWithoutExtension(file.Path));
            }
        }

        return isUnsure;
    }

    private async Task<ScriptSource?> ReadAsync(ScriptFile file, int count, CancellationToken cancellationToken)
    {
        if (file.Kind is null)
        {
            file.Problems = [Format(new(file.Path, 1, 1, $"there is no such policy; the policies are "
                + $"{string.Join(", ", ScriptKind.Policies.Select(kind => kind.Id))}. A file for #load belongs in a folder below"))];
            return null;
        }

        if (count > options.MaxScripts)
        {
            Reject(file, null, [new(file.Path, 1, 1, $"it is beyond scripts.max_scripts, which is {options.MaxScripts}, and is not looked at")]);
            return null;
        }

        var reader = new ScriptSourceReader(_root, (int)limits().FileBytes);
        var (source, problem) = await reader.ReadAsync(file.Name, file.Kind, file.Path, cancellationToken);
        if (source is null)
        {
            Reject(file, null, [problem!]);
        }

        return source;
    }

    private async Task PutInForceAsync(List<(ScriptFile File, ScriptSource Source)> changed, CancellationToken cancellationToken)
    {
        IReadOnlyList<CompiledScript> compiled;
        try
        {
            compiled = await compiler.CompileAsync([.. changed.Select(item => item.Source)], cancellationToken);
        }
        catch (DhcpHostException exception)
        {
            // Nothing is marked as tried: the next scan tries again.
            reports.CompilerFailed(exception);
            foreach (var (file, _) in changed)
            {
                file.Problems = [exception.Message];
                if (file.Kind!.IsPolicy)
                {
                    FindPolicy(file.Kind).Reject(exception.Message);
                }
            }

            return;
        }

        foreach (var ((file, source), script) in changed.Zip(compiled))
        {
            var problems = await TryAsync(source, script, isPutInForce: true, cancellationToken);
            if (problems.Count > 0)
            {
                Reject(file, source.Hash, problems);
                continue;
            }

            file.TriedHash = source.Hash;
            file.InForce = source.ShortHash;
            file.LoadedAt = timeProvider.GetUtcNow();
            file.Problems = [];
            if (source.Kind.IsPolicy)
            {
                policies.Advance();
            }

            reports.PutInForce(file.Name, source);
        }
    }

    private async Task<IReadOnlyList<ScriptProblem>> TryAsync(
        ScriptSource source, CompiledScript script, bool isPutInForce, CancellationToken cancellationToken)
    {
        if (script.Image is not { } image)
        {
            return script.Problems;
        }

        if (source.Kind.IsPolicy)
        {
            var problem = await FindPolicy(source.Kind).ReplaceAsync(source, image, isPutInForce, timeProvider, cancellationToken);
            return problem is null ? [] : [problem];
        }

        if (isPutInForce)
        {
            jobs.Replace(Path.GetFileNameWithoutExtension(source.MainFile), source, image);
        }

        return [];
    }

    private void Reject(ScriptFile file, string? hash, IReadOnlyList<ScriptProblem> problems)
    {
        var texts = problems.Select(Format).ToArray();
        var isNews = !file.Problems.SequenceEqual(texts);
        file.TriedHash = hash;
        file.Problems = texts;
        if (!isNews)
        {
            return;
        }

        if (file.Kind is { IsPolicy: true } kind)
        {
            FindPolicy(kind).Reject(texts[0]);
        }
        else
        {
            jobs.Reject(Path.GetFileNameWithoutExtension(file.Path), string.Join('\n', texts));
        }

        reports.Rejected(file.Name, file.InForce, texts);
    }

    private IScriptedPolicy FindPolicy(ScriptKind kind) => policies.All.Single(policy => policy.Kind == kind);

    private string Format(ScriptProblem problem) => problem.Format(_root);
}
