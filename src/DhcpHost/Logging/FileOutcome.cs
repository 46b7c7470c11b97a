namespace DhcpHost.Logging;

/// <summary>Whether the log file takes lines. What changes that is told once.</summary>
internal sealed class FileOutcome(string path, Action<string?> changed)
{
    private string? _problem;

    /// <summary>Why it does not; <c>null</c> where it does.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Notes the outcome of a line. Called by one thread at a time.</summary>
    public void Note(Exception? failure)
    {
        var problem = failure is null ? null : $"{path} cannot be written: {(failure.InnerException ?? failure).Message}";
        if (Interlocked.Exchange(ref _problem, problem) is null != problem is null)
        {
            changed(problem);
        }
    }
}
