using DhcpHost.Cli.Terminal;
using DhcpHost.Http.Answers;
using Spectre.Console;

namespace DhcpHost.Cli.Commands;

/// <summary>A bar below the log's lines while the first sync of many networks runs.</summary>
internal sealed class SyncProgress(CommandScope scope)
{
    /// <summary>Below it, the log's own lines are over before a bar would be read.</summary>
    private const int Many = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time = scope.Environment.TimeProvider;

    /// <summary>Shows it until the sync is through or the host ends.</summary>
    public async Task RunAsync(Task host, CancellationToken cancellationToken)
    {
        try
        {
            while (!host.IsCompleted)
            {
                if (await AskAsync(cancellationToken) is { Engine: { StartedAt: not null } engine })
                {
                    if (engine.IsSynced)
                    {
                        return;
                    }

                    if (engine.SyncTotal >= Many)
                    {
                        await DrawAsync(host, cancellationToken);
                        return;
                    }
                }

                await Task.Delay(Interval, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host is stopped: no bar is needed.
        }
    }

    private async Task DrawAsync(Task host, CancellationToken cancellationToken)
    {
        var ansi = scope.Console.ErrorAnsi;
        var error = Console.Error;
        // The log goes to standard error as well: its lines are put above the bar, not into it.
        using var above = new LinesAbove(ansi);
        Console.SetError(above);
        try
        {
            await ansi.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    var bar = progress.AddTask("first sync");
                    while (!host.IsCompleted && await AskAsync(cancellationToken) is { Engine: { IsSynced: false } engine })
                    {
                        bar.MaxValue = Math.Max(engine.SyncTotal, 1);
                        bar.Value = engine.SyncDone;
                        bar.Description = $"first sync: {engine.SyncDone} of {Words.Count(engine.SyncTotal, "network")}";
                        await Task.Delay(Interval, _time, cancellationToken);
                    }
                });
        }
        finally
        {
            Console.SetError(error);
            above.WriteRest(error);
        }
    }

    private async Task<HostStatus?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await scope.Client.GetAsync<HostStatus>("/v1/status", cancellationToken);
        }
        catch (CliException)
        {
            // Not yet, or no more, or it is stopping: whatever it is, the host's to say, and for a bar no reason to end it.
            return null;
        }
    }
}
