using DhcpHost.Http.Answers;

namespace DhcpHost.Http.Streams;

/// <summary>Counts the clients that follow, up to <see cref="ManagementOptions.Followers"/>.</summary>
internal sealed class FollowerSlots(int limit)
{
    private int _taken;

    /// <summary>Takes a slot until it is disposed.</summary>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) > limit)
        {
            _ = Interlocked.Decrement(ref _taken);
            throw Problems.TooManyFollowers(limit);
        }

        return new Slot(this);
    }

    private sealed class Slot(FollowerSlots owner) : IDisposable
    {
        private int _isGiven;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGiven, 1) == 0)
            {
                _ = Interlocked.Decrement(ref owner._taken);
            }
        }
    }
}
