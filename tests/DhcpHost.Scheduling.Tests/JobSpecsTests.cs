using DhcpHost.Scheduling.Definition;

namespace DhcpHost.Scheduling.Tests;

public sealed class JobSpecsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_table_named_like_a_built_in_job_runs_it_with_its_own_schedule()
    {
        var (spec, problems) = Create("drift-audit", new());
        Assert.Empty(problems);
        Assert.Equal(JobSpecs.Defaults["drift-audit"], spec);
    }

    [Fact]
    public void A_table_named_like_a_built_in_job_changes_only_what_it_says()
    {
        var (spec, _) = Create("full-resync", new() { Every = TimeSpan.FromMinutes(90) });
        Assert.Equal("full-resync", spec!.BuiltIn);
        Assert.Equal("every 1h30m", spec.Schedule!.Text);
    }

    [Fact]
    public void A_disabled_job_stays_but_has_no_schedule()
    {
        var (spec, problems) = Create("nightly", new() { Script = "nightly", Enabled = false });
        Assert.Empty(problems);
        Assert.Null(spec!.Schedule);
        Assert.Equal("script nightly.csx", spec.Action);
    }

    [Theory]
    [InlineData("0 30 3 31 2 ?", "no day ever fits")]
    [InlineData("30 3 31 2 *", "no day ever fits")]
    [InlineData("* * *", "must have 5 fields")]
    [InlineData("0 0 0 1 1 ? 2030", "has 7")]
    [InlineData("", "has 0")]
    [InlineData("61 * * * *", "61")]
    [InlineData("nonsense in all five fields", "nonsense")]
    public void A_cron_expression_that_never_comes_is_refused_at_its_key(string cron, string message)
    {
        var (spec, problems) = Create("x", new() { Run = "drift-audit", Cron = cron });
        Assert.Null(spec);
        var problem = Assert.Single(problems);
        Assert.Equal("cron", problem.Key);
        Assert.Contains(message, problem.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("29 Feb only", "0 0 29 2 *")]
    [InlineData("Quartz's six fields", "0 0 4 ? * SUN")]
    [InlineData("five fields with Sunday as 7", "0 4 * * 7")]
    public void A_cron_expression_that_comes_at_last_is_taken(string why, string cron)
    {
        var (spec, problems) = Create("x", new() { Run = "drift-audit", Cron = cron, TimeZone = "UTC" });
        Assert.True(spec is not null, $"{why}: {string.Join("; ", problems)}");
    }

    [Fact]
    public void Every_contradiction_is_told_at_once()
    {
        var (_, problems) = Create("x", new() { Run = "a", Script = "b", Cron = "* * * * *", Every = TimeSpan.FromMinutes(1) });
        Assert.Equal(["every", "script"], problems.Select(problem => problem.Key).Order());
    }

    [Theory]
    [InlineData("run", "there is no built-in job 'drift'")]
    public void An_unknown_built_in_job_is_refused_with_the_known_ones(string key, string message)
    {
        var (_, problems) = Create("x", new() { Run = "drift", Every = TimeSpan.FromMinutes(1) });
        var problem = Assert.Single(problems);
        Assert.Equal((key, message), (problem.Key, problem.Message));
        Assert.Contains("drift-audit", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_says_neither_what_nor_when_is_refused_for_both()
    {
        var (_, problems) = Create("x", new());
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void An_interval_below_a_second_an_unknown_zone_and_a_jitter_beyond_the_interval_are_refused()
    {
        Assert.Equal("every", Assert.Single(Create("drift-audit", new() { Every = TimeSpan.FromMilliseconds(5) }).Problems).Key);
        Assert.Equal("time_zone", Assert.Single(Create("drift-audit", new() { Cron = "* * * * *", TimeZone = "Mars/Olympus" }).Problems).Key);
        Assert.Equal("jitter", Assert.Single(Create("drift-audit", new() { Every = TimeSpan.FromSeconds(5), Jitter = TimeSpan.FromSeconds(5) }).Problems).Key);
    }

    private static (JobSpec? Spec, List<JobProblem> Problems) Create(string name, JobOptions options)
    {
        var problems = new List<JobProblem>();
        return (JobSpecs.Create(name, options, Now, problems), problems);
    }
}
