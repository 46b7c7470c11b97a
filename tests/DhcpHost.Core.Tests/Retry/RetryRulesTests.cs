using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Retry;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Retry;

public sealed class RetryRulesTests : IDisposable
{
    private readonly ManualPolicies _policies = new();
    private readonly LimitsOptions _limits = new() { RetryDelayMin = TimeSpan.FromSeconds(1), RetryDelayMax = TimeSpan.FromMinutes(1), RetryAttempts = 5 };
    private readonly EngineMetrics _metrics = new();
    private readonly RetryRules _rules;

    public RetryRulesTests() => _rules = new(_policies, () => _limits, _metrics, () => 0.5);

    public void Dispose() => _metrics.Dispose();

    [Theory]
    [InlineData(FailureKind.Exhausted, NetworkPhase.Quarantined)]
    [InlineData(FailureKind.Invalid, NetworkPhase.Quarantined)]
    [InlineData(FailureKind.Limit, NetworkPhase.Refused)]
    public void What_no_retry_cures_waits_for_a_change_and_asks_no_policy(FailureKind kind, NetworkPhase phase)
    {
        _policies.Retry = _ => throw new InvalidOperationException("asked");
        var plan = _rules.Decide(new("a"), new(kind, "m"), attempt: 1);
        Assert.Equal((phase, null), (plan.Phase, plan.Delay));
        Assert.NotNull(plan.Reason);
    }

    [Theory]
    [InlineData(FailureKind.Transient)]
    [InlineData(FailureKind.Conflict)]
    [InlineData(FailureKind.Bug)]
    public void What_may_pass_is_tried_again_with_a_doubling_delay_until_the_attempts_are_used(FailureKind kind)
    {
        var plans = Enumerable.Range(1, 5).Select(attempt => _rules.Decide(new("a"), new(kind, "m"), attempt)).ToList();
        Assert.Equal([1.0, 2.0, 4.0, 8.0], plans.Take(4).Select(plan => plan.Delay!.Value.TotalSeconds));
        Assert.Equal(new RetryPlan(NetworkPhase.Quarantined, null, "5 failures in a row, limits.retry_attempts is 5"), plans[4]);
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(30, 30)]
    [InlineData(86_400, 60)]
    public void The_limits_clamp_what_the_policy_says(double asked, double given)
    {
        _policies.Retry = _ => RetryDecision.After(TimeSpan.FromSeconds(asked));
        Assert.Equal(given, _rules.Decide(new("a"), new(FailureKind.Transient, "m"), 1).Delay!.Value.TotalSeconds);
    }

    [Fact]
    public void The_policy_may_quarantine_sooner_but_never_later()
    {
        _policies.Retry = context => context.Attempt == 2 ? RetryDecision.Quarantine("enough") : RetryDecision.After(TimeSpan.FromSeconds(1));
        Assert.Equal(NetworkPhase.Retrying, _rules.Decide(new("a"), new(FailureKind.Transient, "m"), 1).Phase);
        Assert.Equal(new RetryPlan(NetworkPhase.Quarantined, null, "enough"), _rules.Decide(new("a"), new(FailureKind.Transient, "m"), 2));
        Assert.Equal(NetworkPhase.Quarantined, _rules.Decide(new("a"), new(FailureKind.Transient, "m"), 99).Phase);
    }
}
