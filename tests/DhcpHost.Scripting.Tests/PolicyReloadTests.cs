using DhcpHost.Linux.Interop;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Scripting.Tests;

public class PolicyReloadTests
{
    private const string File = "policies/pool-size.csx";

    [Fact]
    public async Task Without_a_file_the_built_in_rule_decides_and_the_status_says_so()
    {
        await using var lab = new ScriptLab();
        await lab.StartAsync();

        Assert.Equal("built-in", lab.PoolSize().Origin);
        Assert.Null(lab.PoolSize().Problem);
        var status = lab.Status("pool-size");
        Assert.Null(status.Path);
        Assert.Null(status.Hash);
        Assert.True(status.IsCurrent);
    }

    [Fact]
    public async Task A_new_content_comes_into_force_and_raises_the_generation()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();
        var generation = lab.Policies.Generation;
        Assert.Equal(3, lab.PoolSize().Value);

        await lab.PutAsync(File, "Decide(c => 4);");

        Assert.Equal(4, lab.PoolSize().Value);
        Assert.Equal(generation + 1, lab.Policies.Generation);
        Assert.Equal($"pool-size.csx@{lab.Status("pool-size").Hash}", lab.PoolSize().Origin);
    }

    [Fact]
    public async Task An_unchanged_content_is_not_put_in_force_again()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();
        var generation = lab.Policies.Generation;

        await lab.PutAsync(File, "Decide(c => 3);");

        Assert.Equal(generation, lab.Policies.Generation);
        var loaded = Assert.Single(lab.Events.Of("script.loaded"));
        Assert.StartsWith("{\"script\":\"", loaded.Details, StringComparison.Ordinal);
        Assert.Matches("\",\"hash\":\"[0-9a-f]{64}\",\"files\":\\[\"[^\"]*pool-size.csx\"\\]}$", loaded.Details);
    }

    [Fact]
    public async Task A_content_that_does_not_compile_leaves_the_last_good_one_and_says_where_it_is_wrong()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();

        await lab.PutAsync(File, "Decide(c =>\n{\n    int size = \"three\";\n    return size;\n});");

        var answer = lab.PoolSize();
        Assert.Equal(3, answer.Value);
        Assert.Contains("pool-size.csx:3:16: CS0029", answer.Problem);
        var status = lab.Status("pool-size");
        Assert.False(status.IsCurrent);
        Assert.Contains($"{lab.Root}/policies/pool-size.csx:3:16: CS0029", Assert.Single(status.Problems));
        Assert.Contains("stays in force", Assert.Single(lab.Events.Of("script.rejected")).Message);

        await lab.PutAsync(File, "Decide(c => 5);");
        Assert.Equal(5, lab.PoolSize().Value);
        Assert.Null(lab.PoolSize().Problem);
        Assert.Empty(lab.Status("pool-size").Problems);
    }

    [Theory]
    [InlineData("var x = new int[0];\nvar y = x[1]; Decide(c => 1);", "pool-size.csx:2:9: IndexOutOfRangeException")]
    [InlineData("var nothing = 1;", "gives no decision")]
    [InlineData("Decide(c => 1);\nDecide(c => 2);", "pool-size.csx:2:1: InvalidOperationException: The script calls Decide twice")]
    [InlineData("Decide(c =>\n    c.Cpus / (c.Networks - 200));", "pool-size.csx:2:5: tried with an example, DivideByZeroException")]
    [InlineData("Decide(c => -1);", "tried with an example, it answered -1")]
    [InlineData("Decide(c => int.MaxValue);", "it answered 2147483647")]
    [InlineData("Decide(null);", "ArgumentNullException")]
    [InlineData("Decide(c => { while (true) { } });", "limits.policy_time")]
    [InlineData("while (true) { }", "limits.policy_time")]
    public async Task A_content_that_fails_when_it_is_loaded_or_tried_leaves_the_last_good_one(string text, string problem)
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();

        await lab.PutAsync(File, text);

        Assert.Equal(3, lab.PoolSize().Value);
        Assert.Contains(problem, lab.PoolSize().Problem);
        Assert.Contains(problem, Assert.Single(lab.Status("pool-size").Problems));
    }

    [Fact]
    public async Task A_deleted_file_brings_the_built_in_rule_back()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();
        var generation = lab.Policies.Generation;

        lab.Delete(File);
        await lab.ReloadAsync();

        Assert.Equal("built-in", lab.PoolSize().Origin);
        Assert.Equal(generation + 1, lab.Policies.Generation);
        Assert.Null(lab.Status("pool-size").Path);
    }

    [Fact]
    public async Task A_changed_loaded_file_counts_as_a_change()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/shared/sizes.csx", "int Size() => 7;");
        lab.Write(File, "#load \"shared/sizes.csx\"\nDecide(c => Size());");
        await lab.StartAsync();
        Assert.Equal(7, lab.PoolSize().Value);

        await lab.PutAsync("policies/shared/sizes.csx", "int Size() => 8;");

        Assert.Equal(8, lab.PoolSize().Value);
    }

    [Fact]
    public async Task A_script_that_throws_only_at_times_is_replaced_for_that_call_by_the_earlier_version_and_then_put_aside()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();
        await lab.PutAsync(File, "Decide(c =>\n  c.Pending == 99\n    ? throw new InvalidOperationException(\"no\")\n    : 4);");

        Assert.Equal(4, lab.PoolSize().Value);
        var answer = lab.PoolSize(99);
        Assert.Equal(3, answer.Value);
        Assert.Contains("InvalidOperationException: no", answer.Problem);
        Assert.Matches(@"pool-size\.csx:[23]:\d+: ", answer.Problem);
        Assert.Equal(4, lab.PoolSize().Value);

        // Only failures in a row count.
        _ = lab.PoolSize(99);
        _ = lab.PoolSize(99);
        Assert.Equal(4, lab.PoolSize().Value);
        _ = lab.PoolSize(99);
        _ = lab.PoolSize(99);
        _ = lab.PoolSize(99);
        Assert.Equal(3, lab.PoolSize().Value);
        Assert.Contains("put aside", lab.PoolSize().Problem);
        Assert.False(lab.Status("pool-size").IsCurrent);
        Assert.Equal(6, lab.Status("pool-size").Failures);
        _ = Assert.Single(lab.Events.Of("policy.aside"));

        await lab.PutAsync(File, "Decide(c => 6);");
        Assert.Equal(6, lab.PoolSize(99).Value);
        Assert.True(lab.Status("pool-size").IsCurrent);
    }

    [Fact]
    public async Task Without_an_earlier_version_the_built_in_rule_decides_a_call_that_fails()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => c.Pending == 99 ? throw new Exception(\"no\") : 4);");
        await lab.StartAsync();

        var answer = lab.PoolSize(99);

        Assert.Equal("built-in", answer.Origin);
        Assert.Contains("Exception: no", answer.Problem);
    }

    [Fact]
    public async Task A_file_that_is_no_policy_is_told_to_the_operator()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-sise.csx", "Decide(c => 3);");
        await lab.StartAsync();

        Assert.Contains(
            "there is no such policy; the policies are admit-network, instance-metadata, pool-size", Assert.Single(lab.Status("pool-sise").Problems));
    }

    [Fact]
    public async Task The_kernel_s_hint_brings_a_new_content_into_force_long_before_the_rescan()
    {
        await using var lab = new ScriptLab(configure: options => options.RescanInterval = TimeSpan.FromHours(1));
        using var epoll = new EpollLoop("scripting-tests");
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync(epoll);

        lab.Write(File, "Decide(c => 9);");

        await Eventually.TrueAsync(() => lab.PoolSize().Value == 9, cancellationToken: ScriptLab.Cancellation);
    }

    [Fact]
    public async Task A_folder_that_is_made_later_is_told_once_and_watched_from_then_on()
    {
        var loggers = new RecordingLoggers();
        await using var lab = new ScriptLab(configure: options => options.RescanInterval = TimeSpan.FromHours(1), loggers: loggers);
        using var epoll = new EpollLoop("scripting-tests");
        var folder = Path.Combine(lab.Root, "policies");
        Directory.Delete(folder);
        await lab.StartAsync(epoll);
        await lab.ReloadAsync();
        Assert.Equal($"There is no {folder}; once it is made, what is in it is taken up", Assert.Single(loggers.Messages).Message);

        lab.Write(File, "Decide(c => 3);");
        await Eventually.TrueAsync(() => lab.PoolSize().Value == 3, cancellationToken: ScriptLab.Cancellation);
        lab.Write(File, "Decide(c => 9);");
        await Eventually.TrueAsync(() => lab.PoolSize().Value == 9, cancellationToken: ScriptLab.Cancellation);
    }

    [Fact]
    public async Task The_rescan_finds_a_new_content_without_any_hint()
    {
        var time = new FakeTimeProvider();
        await using var lab = new ScriptLab(timeProvider: time);
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();

        lab.Write(File, "Decide(c => 9);");

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(31));
                return lab.PoolSize().Value == 9;
            },
            cancellationToken: ScriptLab.Cancellation);
    }

    [Fact]
    public async Task A_file_that_is_gone_for_a_moment_while_it_is_saved_stays_in_force()
    {
        var time = new FakeTimeProvider();
        await using var lab = new ScriptLab(timeProvider: time, configure: options => options.RescanInterval = TimeSpan.FromSeconds(10));
        lab.Write(File, "Decide(c => 3);");
        lab.Write("policies/retry-delay.csx", "Decide(c => RetryDecision.After(c.MinDelay));");
        await lab.StartAsync();
        lab.Delete(File);
        lab.Write("policies/retry-delay.csx", "Decide(c => RetryDecision.After(c.MaxDelay));");
        var loaded = lab.Events.Of("script.loaded").Count;

        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => lab.Events.Of("script.loaded").Count == loaded + 1, cancellationToken: ScriptLab.Cancellation);
        Assert.Equal(3, lab.PoolSize().Value);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return lab.PoolSize().Origin == "built-in";
            },
            cancellationToken: ScriptLab.Cancellation);
    }

    [Fact]
    public async Task Check_says_what_is_wrong_and_puts_nothing_in_force()
    {
        await using var lab = new ScriptLab();
        lab.Write(File, "Decide(c => 3);");
        await lab.StartAsync();
        lab.Write(File, "Decide(c => 4);");
        lab.Write("policies/admit-network.csx", "Decide(c => null);");
        lab.Write("policies/retry-delay.csx", "Decide(c => oops);");
        lab.Write("jobs/good.csx", "await Task.Yield();");
        lab.Write("jobs/bad.csx", "await Task.Yeeld();");

        var checks = (await lab.Host.Catalog.CheckAsync(ScriptLab.Cancellation)).ToDictionary(check => check.Name);

        Assert.Empty(checks["pool-size"].Problems);
        Assert.False(checks["pool-size"].IsCurrent);
        Assert.Contains("it answered null", Assert.Single(checks["admit-network"].Problems));
        Assert.Contains("retry-delay.csx:1:13: CS0103", Assert.Single(checks["retry-delay"].Problems));
        Assert.Empty(checks["jobs/good"].Problems);
        Assert.Contains("bad.csx:1:12: CS0117", Assert.Single(checks["jobs/bad"].Problems));
        Assert.Equal(3, lab.PoolSize().Value);
        Assert.Empty(lab.Host.Jobs.Names);
        Assert.Equal("built-in", lab.Admit().Origin);
    }
}
