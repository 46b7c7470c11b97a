namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>
/// A question to Neutron's server about networks, from before it is sent until its answer is taken in. What is told meanwhile is newer than the answer.
/// </summary>
internal sealed class Fetch(NetworkCache cache, long sequence, long timestamp) : IDisposable
{
    /// <summary>The cache's count of news when the question was asked.</summary>
    public long Sequence => sequence;

    /// <summary>When it was asked.</summary>
    public long Timestamp => timestamp;

    /// <summary>What was told after it need not be remembered for it any more.</summary>
    public void Dispose() => cache.End(this);
}
