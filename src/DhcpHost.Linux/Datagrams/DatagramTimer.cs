namespace DhcpHost.Linux.Datagrams;

/// <summary>A callback that waits for its time.</summary>
internal sealed class DatagramTimer(Action<DatagramReplies> callback) : IDisposable
{
    internal bool IsCancelled { get; private set; }

    public void Dispose() => IsCancelled = true;

    internal void Run(DatagramReplies replies)
    {
        if (!IsCancelled)
        {
            callback(replies);
        }
    }
}
