using System.Threading.Channels;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Files.Tests;

/// <summary>A source at work on a folder, and the events that it told.</summary>
internal sealed class WatchedSource : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = Eventually.DefaultDeadline;

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<SourceEvent> _events = Channel.CreateUnbounded<SourceEvent>();
    private Task _reading = Task.CompletedTask;

    private WatchedSource(FilesNetworkSource source) => Source = source;

    public FilesNetworkSource Source { get; }

    /// <summary>Starts a source, waits for its first list, and watches from then on.</summary>
    public static async Task<WatchedSource> StartAsync(NetworkFolder folder, FilesOptions? options = null)
    {
        var watched = new WatchedSource(new(folder, options ?? new()));
        watched.Source.Start();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watched._reading = Task.Run(() => watched.ReadAsync(started));
        await started.Task.WaitAsync(Deadline);
        _ = await watched.Source.ListAsync(CancellationToken.None);

        // The kernel's watch is there when a file that is no network's wakes it; simpler, and as certain: a change that is seen.
        folder.Deploy("probe.toml", "name = \"probe\"\n");
        _ = await watched.NextAsync<SourceEvent.NetworkChanged>(change => change.NetworkId.Value == "probe");
        File.Delete(folder.FileOf("probe.toml"));
        _ = await watched.NextAsync<SourceEvent.NetworkRemoved>(change => change.NetworkId.Value == "probe");
        await watched.DrainAsync(folder);
        return watched;
    }

    /// <summary>The next event of a kind, whatever comes before it.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? isIt = null)
        where T : SourceEvent
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            if (await _events.Reader.ReadAsync(deadline.Token) is T wanted && (isIt is null || isIt(wanted)))
            {
                return wanted;
            }
        }
    }

    /// <summary>All events about networks until now: those before that of a new file that is made to mark the end.</summary>
    public async Task<List<SourceEvent>> DrainAsync(NetworkFolder folder)
    {
        // Events of one look come in the order of their ids: the mark's is the last.
        var name = $"zz-end-{Guid.NewGuid():N}";
        folder.Deploy($"{name}.toml", "name = \"end\"\n");
        var events = new List<SourceEvent>();
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var next = await _events.Reader.ReadAsync(deadline.Token);
            if (next is SourceEvent.NetworkChanged changed && changed.NetworkId.Value == name)
            {
                return events;
            }

            var isMark = next is SourceEvent.NetworkRemoved removed && removed.NetworkId.Value.StartsWith("zz-end-", StringComparison.Ordinal);
            if (next is not SourceEvent.HealthChanged && !isMark)
            {
                events.Add(next);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync(TaskCompletionSource started)
    {
        await foreach (var change in Source.WatchAsync(_stop.Token))
        {
            _ = started.TrySetResult();
            _ = _events.Writer.TryWrite(change);
        }
    }
}
