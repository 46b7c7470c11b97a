using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Policies;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Execution;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Policies;

/// <summary>One policy: the script in force, the one before it, and the built-in rule.</summary>
internal sealed class ScriptedPolicy<TContext, TResult> : IScriptedPolicy
    where TContext : class
{
    private readonly PolicySpec<TContext, TResult> _spec;
    private readonly CallWatchdog _watchdog;
    private readonly DecisionRecorder<TContext, TResult> _recorder;
    private readonly PolicyReports _reports;
    private Chain _chain = new(null, null, null);
    private long _calls;
    private long _failures;
    private string? _lastFailure;

    public ScriptedPolicy(PolicySpec<TContext, TResult> spec, CallWatchdog watchdog, PolicyReports reports)
    {
        _spec = spec;
        _watchdog = watchdog;
        _reports = reports;
        _recorder = new(spec, reports);
    }

    /// <inheritdoc/>
    public ScriptKind Kind => _spec.Kind;

    /// <inheritdoc/>
    public long Calls => Volatile.Read(ref _calls);

    /// <inheritdoc/>
    public long Failures => Volatile.Read(ref _failures);

    /// <inheritdoc/>
    public string? AsideReason => Volatile.Read(ref _chain).Newest?.AsideReason;

    /// <inheritdoc/>
    public string? LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Asks the newest script that is not put aside, then the one before, then the built-in rule.</summary>
    public PolicyAnswer<TResult> Decide(TContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = Interlocked.Increment(ref _calls);
        var chain = Volatile.Read(ref _chain);
        var problem = chain.Problem;
        if (chain.Newest is { } newest)
        {
            if (TryCall(newest, context, out var value, ref problem)
                || (chain.Earlier is { } earlier && TryCall(earlier, context, out value, ref problem, newest.Origin)))
            {
                return value;
            }
        }

        var answer = _spec.BuiltIn(context) with { Problem = problem };
        _recorder.Note(context, answer);
        return answer;
    }

    /// <inheritdoc/>
    public async Task<ScriptProblem?> ReplaceAsync(
        ScriptSource source, ScriptImage image, bool isPutInForce, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var trial = await ScriptThread.RunAsync(
            $"script {source.Name}", () => Try(source, image), _reports.LoadLimit, timeProvider, cancellationToken);
        if (trial is null)
        {
            return new(
                source.MainFile,
                1,
                1,
                $"it did not come back within {_reports.LoadLimit.TotalSeconds:0.#} s when it was tried: something in it blocks; "
                + "a policy decides at once");
        }

        if (trial.Version is not { } version)
        {
            return trial.Problem;
        }

        if (!isPutInForce)
        {
            version.Code.Script.Unload();
            return null;
        }

        var old = Volatile.Read(ref _chain);
        // The last good one before this stays as the first to fall back to; one that was put aside is no use for that.
        var earlier = old.Newest is { AsideReason: null } good ? good : old.Earlier;
        Publish(new(version, earlier, null));
        Retire(old, kept: earlier);
        return null;
    }

    /// <inheritdoc/>
    public void Reject(string problem)
    {
        var old = Volatile.Read(ref _chain);
        Publish(old with { Problem = problem });
    }

    /// <inheritdoc/>
    public void Remove()
    {
        var old = Volatile.Read(ref _chain);
        Publish(new(null, null, null));
        Retire(old, kept: null);
    }

    private void Publish(Chain chain)
    {
        Volatile.Write(ref _lastFailure, null);
        Volatile.Write(ref _chain, chain);
    }

    private static void Retire(Chain old, PolicyVersion<TContext, TResult>? kept)
    {
        foreach (var version in new[] { old.Newest, old.Earlier })
        {
            if (version is not null && version != kept)
            {
                version.Code.Script.Unload();
            }
        }
    }

    private bool TryCall(
        PolicyVersion<TContext, TResult> version, TContext context, out PolicyAnswer<TResult> answer, ref string? problem, string? insteadOf = null)
    {
        answer = default;
        if (version.AsideReason is { } reason)
        {
            problem ??= reason;
            return false;
        }

        var slot = _watchdog.Begin(version.Code);
        TResult value;
        try
        {
            value = version.Decision(context);
        }
        catch (Exception exception)
        {
            // The boundary to the operator's code: whatever it throws is a failure of this call.
            slot.End();
            problem ??= Fail(version, exception);
            return false;
        }

        slot.End();
        if (_spec.Check(context, value) is { } wrong)
        {
            problem ??= Fail(version, new ScriptProblem(version.Code.Script.Source.MainFile, 1, 1, wrong), null);
            return false;
        }

        version.Succeed();
        answer = new(value, version.Origin, insteadOf is null ? problem : problem ?? $"{insteadOf} failed");
        _recorder.Note(context, answer);
        return true;
    }

    private string Fail(PolicyVersion<TContext, TResult> version, Exception exception) =>
        Fail(version, version.Code.Script.Describe(exception), exception);

    private string Fail(PolicyVersion<TContext, TResult> version, ScriptProblem problem, Exception? exception)
    {
        _ = Interlocked.Increment(ref _failures);
        var count = version.Fail();
        var text = problem.Format(_reports.Directory);
        Volatile.Write(ref _lastFailure, text);
        _reports.CallFailed(_spec.Kind.Id, version.Origin, text, count, exception);
        if (count >= _reports.FailuresBeforeAside && version.PutAside($"{text} (failed {count} times in a row; put aside until the file changes)"))
        {
            _reports.PutAside(_spec.Kind.Id, version.Origin, version.AsideReason!);
        }

        return text;
    }

    private void OnStuck(PolicyVersion<TContext, TResult> version, CallSlot slot)
    {
        _ = Interlocked.Increment(ref _failures);
        var file = new ScriptProblem(version.Code.Script.Source.MainFile, 1, 1, "a call does not come back, and nothing can end it: something in it blocks");
        if (version.PutAside($"{file.Format(_reports.Directory)} (thread {slot.ThreadId} is lost until it returns; put aside until the file changes)"))
        {
            _reports.PutAside(_spec.Kind.Id, version.Origin, version.AsideReason!);
        }
    }

    /// <summary>Loads a script and tries it; never throws.</summary>
    private Trial Try(ScriptSource source, ScriptImage image)
    {
        LoadedScript script;
        try
        {
            script = LoadedScript.Load(source, image);
        }
        catch (Exception exception)
        {
            // On a thread of its own: what is not caught here would end the host.
            return new(null, new(source.MainFile, 1, 1, $"its compiled code does not load: {exception.Message}"));
        }

        var policy = new Policy<TContext, TResult>();
        var probe = new GuardedCode(script, static _ => { });
        script.Attach(_watchdog.Look);
        var problem = RunBody(script, probe, policy);
        if (problem is null && policy.Decision is null)
        {
            problem = new(source.MainFile, 1, 1, "it gives no decision: call Decide(context => …) once");
        }

        for (var index = 0; problem is null && index < _spec.Probes.Count; index++)
        {
            problem = Probe(script, probe, policy.Decision!, _spec.Probes[index]);
        }

        if (problem is not null)
        {
            script.Unload();
            return new(null, problem);
        }

        return new(new(script, policy.Decision!, OnStuck), null);
    }

    private ScriptProblem? RunBody(LoadedScript script, GuardedCode probe, Policy<TContext, TResult> policy)
    {
        var slot = _watchdog.Begin(probe);
        try
        {
            var body = script.StartAsync(policy);
            return !body.IsCompleted
                ? new(script.Source.MainFile, 1, 1, "its body waits for something; a policy's body only calls Decide")
                : body.Exception is { } failure ? script.Describe(failure) : null;
        }
        catch (Exception exception)
        {
            return script.Describe(exception);
        }
        finally
        {
            slot.End();
        }
    }

    private ScriptProblem? Probe(LoadedScript script, GuardedCode probe, Func<TContext, TResult> decision, TContext context)
    {
        var slot = _watchdog.Begin(probe);
        try
        {
            var value = decision(context);
            return _spec.Check(context, value) is { } wrong
                ? new(script.Source.MainFile, 1, 1, $"tried with an example, {wrong}")
                : null;
        }
        catch (Exception exception)
        {
            var problem = script.Describe(exception);
            return problem with { Message = $"tried with an example, {problem.Message}" };
        }
        finally
        {
            slot.End();
        }
    }

    /// <summary>What is asked, in order, and why the file's newest content is not among it.</summary>
    private sealed record Chain(PolicyVersion<TContext, TResult>? Newest, PolicyVersion<TContext, TResult>? Earlier, string? Problem);

    private sealed record Trial(PolicyVersion<TContext, TResult>? Version, ScriptProblem? Problem);
}
