using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Policies;
using DhcpHost.Core.Reconciling;

namespace DhcpHost.Core.Retry;

/// <summary>
/// Decides what follows a failure: the kind of failure first, then the policy <c>retry-delay</c>, then the limits, which have the last
/// word.
/// </summary>
internal sealed class RetryRules(IPolicies policies, Func<LimitsOptions> limits, EngineMetrics metrics, Func<double> random)
{
    /// <summary>What follows.</summary>
    /// <param name="id">The network.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="attempt">Failures in a row, this one included.</param>
    public RetryPlan Decide(NetworkId id, Failure failure, int attempt)
    {
        var plan = failure.Kind switch
        {
            FailureKind.Exhausted => new RetryPlan(NetworkPhase.Quarantined, null, "only its source can cure that: it is tried again when it changes"),
            FailureKind.Invalid => new RetryPlan(NetworkPhase.Quarantined, null, "it is tried again when it changes"),
            FailureKind.Limit => new RetryPlan(NetworkPhase.Refused, null, "it is tried again when there is room, or when it changes"),
            _ => Ask(id, failure, attempt),
        };
        var kind = EngineMetrics.KindOf(failure.Kind);
        if (plan.Delay is not null)
        {
            metrics.Retries.Add(1, kind);
        }
        else if (plan.Phase == NetworkPhase.Quarantined)
        {
            metrics.Quarantines.Add(1, kind);
        }

        return plan;
    }

    private RetryPlan Ask(NetworkId id, Failure failure, int attempt)
    {
        var rules = limits();
        if (attempt >= rules.RetryAttempts)
        {
            metrics.LimitReached("retry_attempts");
            return new(NetworkPhase.Quarantined, null, $"{attempt} failures in a row, limits.retry_attempts is {rules.RetryAttempts}");
        }

        var answer = policies.RetryDelay(new()
        {
            NetworkId = id,
            Kind = failure.Kind,
            Message = failure.Message,
            Attempt = attempt,
            Random = random(),
            MinDelay = rules.RetryDelayMin,
            MaxDelay = rules.RetryDelayMax,
            MaxAttempts = rules.RetryAttempts,
        });
        if (answer.Problem is not null)
        {
            metrics.PolicyProblems.Add(1, new KeyValuePair<string, object?>("policy", "retry-delay"));
        }

        return answer.Value.Delay is not { } delay
            ? new(NetworkPhase.Quarantined, null, answer.Value.Reason ?? "the policy retry-delay says so")
            : new(NetworkPhase.Retrying, delay < rules.RetryDelayMin ? rules.RetryDelayMin : delay > rules.RetryDelayMax ? rules.RetryDelayMax : delay, null);
    }
}
