using Quartz;

namespace DhcpHost.Scheduling.Running;

/// <summary>What Quartz runs: one job's slot, put off by its jitter.</summary>
[DisallowConcurrentExecution]
internal sealed class ScheduledJob(JobSlot slot, TimeProvider time, Func<JobSlot, CancellationToken, Task> run) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (slot.Spec.Jitter > TimeSpan.Zero)
        {
            await Task.Delay(slot.Spec.Jitter * Random.Shared.NextDouble(), time, cancellationToken);
        }

        await run(slot, cancellationToken);
    }
}
