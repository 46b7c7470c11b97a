using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace TestPlugins.Sample;

/// <summary>A DHCP driver that runs no server: for each network it keeps a file that says what a server would have to serve.</summary>
internal sealed partial class SampleDriver(string directory, SampleOptions options, ILogger<SampleDriver> logger) : IDhcpDriver, IDisposable
{
    private readonly CancellationTokenSource _end = new();

    public DriverInfo Info { get; } = new(new DriverId("sample"), typeof(SampleDriver).Assembly.GetName().Version!.ToString(3), PluginContract.Version);

    public DriverCapabilities Capabilities { get; } = new() { SurvivesHostRestart = true, HotReload = true };

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new DriverEvent.HealthChanged(new(Directory.Exists(directory), $"sample {Info.Version} keeps its notes in {directory}"));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
    }

    public async Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var (path, wanted) = (PathOf(plan.Server), Text(plan));
        var there = await ReadAsync(path, cancellationToken);
        if (there != wanted)
        {
            // Whole or not at all: a reader never sees half a file.
            await File.WriteAllTextAsync($"{path}.new", wanted, cancellationToken);
            File.Move($"{path}.new", path, overwrite: true);
            LogWritten(logger, path);
        }

        return new()
        {
            Handle = new(Info.Id, plan.Server, 1, path),
            Action = there is null ? ApplyAction.Started : there == wanted ? ApplyAction.Unchanged : ApplyAction.Reloaded,
            Reasons = there is null || there == wanted ? [] : ["the plan changed"],
        };
    }

    public async Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var there = await ReadAsync(PathOf(plan.Server), cancellationToken);
        return new() { Action = there is null ? ApplyAction.Started : there == Text(plan) ? ApplyAction.Unchanged : ApplyAction.Reloaded };
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        Task.FromResult(new RecoverResult(File.Exists(PathOf(handle.Server)) ? RecoverOutcome.Recovered : RecoverOutcome.Gone));

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, this);
        return Task.FromResult(new InspectResult { State = File.Exists(PathOf(handle.Server)) ? InspectState.Running : InspectState.Missing });
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(handle.Server));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DriverHandle>>(
        [.. Directory.EnumerateFiles(directory, "*.note").Select(path =>
            new DriverHandle(Info.Id, new(new NetworkId(Path.GetFileNameWithoutExtension(path))), 1, path))]);

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Lease>>([]);

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken) =>
        throw new DhcpHostException(FailureKind.Invalid, "The sample driver has no leases to release.");

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;

    private string PathOf(ServerKey server) => Path.Combine(directory, $"{server.NetworkId}.note");

    private string Text(DhcpPlan plan) => $"{options.Greeting}: {string.Join(", ", plan.Network.Subnets.Select(subnet => subnet.Cidr))}\n";

    [LoggerMessage(1, LogLevel.Information, "Wrote {Path}")]
    private static partial void LogWritten(ILogger logger, string path);
}
