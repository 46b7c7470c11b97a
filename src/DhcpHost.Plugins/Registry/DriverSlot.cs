using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Registry;

/// <summary>The place of one driver, whichever version of its plugin fills it.</summary>
internal sealed class DriverSlot(DriverKey key)
{
    private readonly Lock _lock = new();
    private DriverGeneration? _current;
    private string? _whyGone = "its plugin is not loaded yet";

    // Set while the slot is closed; ends when it is opened or emptied.
    private TaskCompletionSource? _closed;

    public DriverGeneration? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    public async ValueTask<DriverLease<TDriver>> RentAsync<TDriver>(CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_closed is null)
                {
                    return _current is not null
                        ? new RentedDriver<TDriver>(_current)
                        : throw new DhcpHostException(FailureKind.Transient, $"the {key} is not there now: {_whyGone}");
                }

                wait = _closed.Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets nobody new in; who comes waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Puts a version in, or the same one again, and lets those in who wait.</summary>
    public void Open(DriverGeneration generation) => Set(generation, null);

    /// <summary>Takes the version out; who waits or comes is told why.</summary>
    public void Empty(string whyGone) => Set(null, whyGone);

    private void Set(DriverGeneration? generation, string? whyGone)
    {
        TaskCompletionSource? closed;
        lock (_lock)
        {
            _current = generation;
            _whyGone = whyGone;
            closed = _closed;
            _closed = null;
        }

        closed?.SetResult();
    }
}
