using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>A driver that keeps the contract, for plans of any kind. Whatever <see cref="BeforeCall"/> throws, it throws.</summary>
internal abstract class FakeThingDriver<TPlan, TResult>(string id, FakeThings<TPlan> things) : INetworkDriver<TPlan, TResult>
    where TPlan : class
    where TResult : ApplyResult
{
    private readonly ConcurrentDictionary<Channel<DriverEvent>, bool> _watchers = new();

    public DriverInfo Info { get; } = new(new(id), "1.0.0", PluginContract.Version);

    public DriverCapabilities Capabilities { get; } = new();

    public ConcurrentQueue<FakeCall> Calls { get; } = new();

    public Func<FakeCall, CancellationToken, Task> BeforeCall { get; set; } = (_, _) => Task.CompletedTask;

    public int CountCalls(FakeOperation operation) => Calls.Count(call => call.Operation == operation);

    public void Tell(DriverEvent notice)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(notice);
        }
    }

    public Task<TResult> ApplyAsync(TPlan plan, DriverHandle? handle, CancellationToken cancellationToken) => RunAsync(FakeOperation.Apply, KeyOf(plan), () =>
    {
        var key = KeyOf(plan);
        var action = things.Made.TryGetValue(key, out var made)
            ? EqualityComparer<TPlan>.Default.Equals(made.Plan, plan)
            ? ApplyAction.Unchanged
            : ApplyAction.Reloaded
            : ApplyAction.Started;
        var number = action == ApplyAction.Started ? things.NextId() : made.Id;
        things.Made[key] = (number, plan);
        return ResultOf(plan, Handle(key, number), action);
    }, cancellationToken);

    public Task<ApplyPreview> PreviewAsync(TPlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        RunAsync(FakeOperation.Preview, KeyOf(plan), () => new ApplyPreview
        {
            Action = things.Made.TryGetValue(KeyOf(plan), out var made)
            ? EqualityComparer<TPlan>.Default.Equals(made.Plan, plan)
            ? ApplyAction.Unchanged
            : ApplyAction.Reloaded
            : ApplyAction.Started,
        }, cancellationToken);

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) => RunAsync(
        FakeOperation.Recover, handle.Server, () =>
            new RecoverResult(Find(handle) is null ? RecoverOutcome.Gone : RecoverOutcome.Recovered), cancellationToken);

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) => RunAsync(
        FakeOperation.Inspect, handle.Server, () =>
            new InspectResult { State = Find(handle) is null ? InspectState.Missing : InspectState.Running }, cancellationToken);

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) => RunAsync(
        FakeOperation.Remove, handle.Server, () => Find(handle) is not null && things.Made.TryRemove(handle.Server, out _), cancellationToken);

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => RunAsync<IReadOnlyList<DriverHandle>>(
        FakeOperation.Discover, null, () => [.. things.Made.Select(pair => Handle(pair.Key, pair.Value.Id))], cancellationToken);

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<DriverEvent>(1000);
        _watchers[channel] = true;
        yield return new DriverEvent.HealthChanged(new(true, "fake things only"));
        await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }
    }

    protected abstract ServerKey KeyOf(TPlan plan);

    protected abstract TResult ResultOf(TPlan plan, DriverHandle handle, ApplyAction action);

    private DriverHandle Handle(ServerKey key, int number) => new(Info.Id, key, 1, number.ToString(CultureInfo.InvariantCulture));

    private TPlan? Find(DriverHandle handle) =>
        things.Made.TryGetValue(handle.Server, out var made) && made.Id.ToString(CultureInfo.InvariantCulture) == handle.State ? made.Plan : null;

    private async Task<T> RunAsync<T>(FakeOperation operation, ServerKey? server, Func<T> work, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var call = new FakeCall(operation, server);
        Calls.Enqueue(call);
        await BeforeCall(call, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return work();
    }
}
