using System.Globalization;
using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;

namespace TestPlugins.Misbehaving;

/// <summary>A driver of nothing, which notices when it is called after its end.</summary>
internal sealed class MisbehavingDriver(DriverId id, string health) : IMetadataDriver, IDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _watches;
    private int _calls;

    public DriverInfo Info { get; } = new(id, "1", Behaviour.Is("newer-driver-contract") ? new(1, 99) : PluginContract.Version);

    public DriverCapabilities Capabilities { get; } = new();

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = Interlocked.Increment(ref _watches);
        switch (Behaviour.Name)
        {
            case "silent-watch":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
            case "failing-watch" when watch == 1:
                throw new OwnException("the watch did it");
            case "ending-watch" when watch == 1:
                yield break;
        }

        var said = health.Length > 0 ? health : Behaviour.Is("unhealthy") ? "nothing works" : "";
        yield return new DriverEvent.HealthChanged(new(said.Length == 0, said.Length == 0 ? $"fine {watch.ToString(CultureInfo.InvariantCulture)}" : said));
        if (Behaviour.Is("tells-exits"))
        {
            yield return new DriverEvent.Drifted(new(new NetworkId("n1")), "told");
        }

        await Task.WhenAny(_end.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task<ApplyResult> ApplyAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApplyPreview> PreviewAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        Task.FromResult(new RecoverResult(RecoverOutcome.Recovered));

    public async Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        _ = Interlocked.Increment(ref _calls);
        switch (Behaviour.Name)
        {
            case "thread-throws":
                new Thread(() => throw new OwnException("the thread did it")).Start();
                break;
            case "async-void-throws":
                ThrowLater();
                break;
            case "framework-throws":
                new Thread(() => ArgumentException.ThrowIfNullOrEmpty(null)).Start();
                break;
        }

        await Task.Yield();
        ObjectDisposedException.ThrowIf(_end.Task.IsCompleted, this);
        return new() { State = InspectState.Running, Reason = Behaviour.Name };
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DriverHandle>>([]);

    public void Dispose() => _end.TrySetResult();

#pragma warning disable VSTHRD100 // The very thing that it is here for.
    private static async void ThrowLater()
#pragma warning restore VSTHRD100
    {
        await Task.Yield();
        throw new OwnException("the async void did it");
    }
}
