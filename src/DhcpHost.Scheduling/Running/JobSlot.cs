using DhcpHost.Core.Jobs;
using DhcpHost.Scheduling.Definition;

namespace DhcpHost.Scheduling.Running;

/// <summary>One job: its wish now, its last run, and the run that is under way, of which there is never more than one.</summary>
internal sealed class JobSlot(JobSpec spec, JobAction action, Func<TimeSpan> deadline, TimeProvider time)
{
    /// <summary>How long a run may go on after its token was cancelled before it is called stuck.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<JobOutcome>? _underWay;
    private Task? _stuck;
    private JobStatus _status = new() { Name = spec.Name, Action = spec.Action, Schedule = spec.Schedule?.Text };

    /// <summary>The wish.</summary>
    public JobSpec Spec { get; private set; } = spec;

    /// <summary>How it is, without its next time.</summary>
    public JobStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Sets a new wish; a run under way goes on as it began.</summary>
    public void Update(JobSpec newSpec)
    {
        lock (_lock)
        {
            Spec = newSpec;
            _status = _status with { Action = newSpec.Action, Schedule = newSpec.Schedule?.Text };
        }
    }

    /// <summary>Begins a run, or joins the one that is under way.</summary>
    /// <param name="stopping">Cancelled when the host stops.</param>
    /// <param name="isNew">Whether a run was begun.</param>
    public Task<JobOutcome> RunAsync(CancellationToken stopping, out bool isNew)
    {
        lock (_lock)
        {
            isNew = _underWay is null;
            if (_underWay is null)
            {
                _status = _status with { IsRunning = true, LastRun = time.GetUtcNow(), Runs = _status.Runs + 1 };
                var current = Spec;
                // On the pool: a job's own code must not run on the caller's time, nor under the lock.
                _underWay = Task.Run(() => RunBoundedAsync(current, stopping), CancellationToken.None);
            }

            return _underWay;
        }
    }

    private async Task<JobOutcome> RunBoundedAsync(JobSpec current, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        var outcome = _stuck is { IsCompleted: false }
            ? new JobOutcome(Failed: true, "not begun: an earlier run did not end at its deadline and still goes on")
            : await RunToDeadlineAsync(current, deadline(), stopping);
        lock (_lock)
        {
            _underWay = null;
            _status = _status with
            {
                IsRunning = false,
                LastDuration = time.GetElapsedTime(began),
                LastResult = outcome.Message,
                LastFailed = outcome.Failed,
                FailedRuns = _status.FailedRuns + (outcome.Failed ? 1 : 0),
            };
        }

        return outcome;
    }

    private async Task<JobOutcome> RunToDeadlineAsync(JobSpec current, TimeSpan limit, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        var run = Task.Run(() => action.RunAsync(current, linked.Token), CancellationToken.None);
        using var abandon = new CancellationTokenSource(limit + Grace, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(abandon.Token, stopping);
        try
        {
            return await run.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new(Failed: true, "ended: the host stops");
        }
        catch (OperationCanceledException)
        {
            _stuck = run;
            return new(Failed: true, "did not end at its deadline, limits.job_time, and does not heed its cancellation");
        }
    }
}
