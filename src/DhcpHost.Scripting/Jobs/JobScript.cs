using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Jobs;

/// <summary>A job script in force, and how its runs went.</summary>
internal sealed class JobScript(ScriptSource? source, ScriptImage? image, string? problem)
{
    private long _calls;
    private long _failures;
    private string? _lastFailure;

    public ScriptSource? Source { get; } = source;

    public ScriptImage? Image { get; } = image;

    /// <summary>Why the newest content is not in force.</summary>
    public string? Problem { get; } = problem;

    public long Calls => Volatile.Read(ref _calls);

    public long Failures => Volatile.Read(ref _failures);

    public string? LastFailure => Volatile.Read(ref _lastFailure);

    public void CountCall() => Interlocked.Increment(ref _calls);

    public void CountFailure(string failure)
    {
        _ = Interlocked.Increment(ref _failures);
        Volatile.Write(ref _lastFailure, failure);
    }

    /// <summary>Another content, with the counts of this one.</summary>
    public JobScript With(ScriptSource? newSource, ScriptImage? newImage, string? newProblem) =>
        new(newSource, newImage, newProblem) { _calls = Calls, _failures = Failures };
}
