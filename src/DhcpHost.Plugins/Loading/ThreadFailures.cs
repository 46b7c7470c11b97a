namespace DhcpHost.Plugins.Loading;

/// <summary>Exceptions that escaped on threads of one version's own.</summary>
/// <param name="told">Told each one's text; must be quick and must not throw.</param>
internal sealed class ThreadFailures(Action<ThreadFailures, string> told)
{
    private string? _first;

    /// <summary>The first one's text.</summary>
    public string? First => Volatile.Read(ref _first);

    public void Tell(string exception)
    {
        _ = Interlocked.CompareExchange(ref _first, exception, null);
        told(this, exception);
    }

    /// <summary>The text's first line, with what to do.</summary>
    public static string Describe(string exception) =>
        $"an exception escaped on a thread of its own: {exception.Split('\n')[0].Trim()}; correct the plugin, then load it anew";
}
