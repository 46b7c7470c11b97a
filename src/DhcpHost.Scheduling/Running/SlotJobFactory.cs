using Quartz;
using Quartz.Extensibility;

namespace DhcpHost.Scheduling.Running;

/// <summary>Gives Quartz the job of a key's slot.</summary>
internal sealed class SlotJobFactory(Func<string, IJob?> find) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var name = bundle.JobDetail.Key.Name;
        return new(new JobScope(find(name) ?? throw new SchedulerException($"Job {name} was removed while it was fired."), state: null));
    }

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
