namespace DhcpHost.Plugins.Loading;

/// <summary>Code of a plugin took longer than it may.</summary>
internal sealed class CallTimeoutException(TimeSpan time, bool wasLeftBehind) : Exception($"it took longer than {time.TotalSeconds:0.###} s")
{
    /// <summary>Whether it still runs.</summary>
    public bool WasLeftBehind { get; } = wasLeftBehind;
}
