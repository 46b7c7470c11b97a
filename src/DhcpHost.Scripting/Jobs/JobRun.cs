using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Jobs;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Execution;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Jobs;

/// <summary>One run of a job script.</summary>
internal sealed class JobRun(ScriptSource source, ScriptImage image, ScriptingOptions options, TimeSpan limit, TimeProvider timeProvider)
{
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private string? _stopReason;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="DhcpHostException">As <see cref="Core.Scripts.IJobScripts.RunAsync"/>.</exception>
    public async Task RunAsync(JobGlobals globals, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var script = Load();
        var token = stop.Token;
        script.Attach(() => Look(token));
        await using var look = token.Register(() => script.SetLook(true));
        try
        {
            // A thread of its own for the part before the first await: it may compute for minutes.
            var body = Task.Factory.StartNew(
                () => script.StartAsync(globals with { Cancellation = token }), token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            await WaitAsync(body, stop);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException)
        {
            var left = new ScriptProblem(
                source.MainFile,
                1,
                1,
                $"it was told to end ({StopReason}) and did not within {Grace.TotalSeconds} s: "
                + "something in it blocks or does not heed Cancellation; what it does goes on until it returns");
            throw new DhcpHostException(FailureKind.Limit, left.Format(options.Directory));
        }
        catch (Exception exception)
        {
            // The boundary to the operator's code: whatever it throws is the run's failure.
            var problem = script.Describe(exception);
            throw token.IsCancellationRequested && exception is OperationCanceledException or ScriptStoppedException
                ? new DhcpHostException(FailureKind.Limit, (problem with { Message = $"it was stopped: {StopReason}" }).Format(options.Directory), exception)
                : new DhcpHostException(FailureKind.Invalid, problem.Format(options.Directory), exception);
        }
        finally
        {
            script.Unload();
        }
    }

    private string StopReason => Volatile.Read(ref _stopReason) ?? $"it took longer than limits.job_time, which is {limit}";

    private LoadedScript Load()
    {
        try
        {
            return LoadedScript.Load(source, image);
        }
        catch (Exception exception)
        {
            throw new DhcpHostException(
                FailureKind.Bug, $"{Path.Combine(options.Directory, source.MainFile)}: its compiled code does not load: {exception.Message}", exception);
        }
    }

    /// <summary>Waits for the body; tells it to end where the heap grows too much, and leaves it where it does not end when told.</summary>
    private async Task WaitAsync(Task body, CancellationTokenSource stop)
    {
        var before = GC.GetTotalMemory(forceFullCollection: false);
        while (!stop.IsCancellationRequested)
        {
            var pause = Task.Delay(MemoryInterval, TimeProvider.System, stop.Token);
            if (await Task.WhenAny(body, pause) == body)
            {
                await body;
                return;
            }

            var grown = GC.GetTotalMemory(forceFullCollection: false) - before;
            if (grown > options.JobMemory.Bytes)
            {
                Volatile.Write(ref _stopReason, $"the host's heap grew by {grown >> 20} MiB while it ran, more than scripts.job_memory");
                await stop.CancelAsync();
            }
        }

        await body.WaitAsync(Grace, TimeProvider.System, CancellationToken.None);
    }

    private void Look(CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            throw new ScriptStoppedException($"it was stopped: {StopReason}");
        }
    }
}
