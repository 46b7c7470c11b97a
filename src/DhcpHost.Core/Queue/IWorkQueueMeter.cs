namespace DhcpHost.Core.Queue;

/// <summary>Who measures a queue. Called under no lock of the queue's.</summary>
public interface IWorkQueueMeter
{
    /// <summary>A key was added, coalesced or not.</summary>
    void Added();

    /// <summary>A key was handed to a worker.</summary>
    /// <param name="latency">How long it had been ready.</param>
    void HandedOut(TimeSpan latency);

    /// <summary>A worker is done with a key.</summary>
    /// <param name="duration">How long it had it.</param>
    void Finished(TimeSpan duration);
}
