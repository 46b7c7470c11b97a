using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Jobs;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Scripts;
using DhcpHost.Scheduling.Definition;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scheduling.Running;

/// <summary>Does what a job does, and turns whatever happens into an outcome.</summary>
internal sealed partial class JobAction(IEngine engine, IJobScripts scripts, IJobHost host, ILogger logger)
{
    /// <summary>The boundary to what jobs do: scripts are the operator's code.</summary>
    public async Task<JobOutcome> RunAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            if (spec.BuiltIn is not null)
            {
                var answer = await BuiltInJobs.RunAsync(spec.BuiltIn, engine, cancellationToken);
                return new(!answer.IsDone, answer.Message);
            }

            await scripts.RunAsync(spec.Script!, host, cancellationToken);
            return new(Failed: false, "done");
        }
        catch (DhcpHostException exception)
        {
            return new(Failed: true, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(Failed: true, "ended at its deadline, limits.job_time");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogBug(spec.Name, exception);
            return new(Failed: true, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "Job {Job} failed in a way that nobody expected")]
    private partial void LogBug(string job, Exception exception);
}
