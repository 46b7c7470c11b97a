using System.Diagnostics;
using DhcpHost.Testing;

namespace DhcpHost.Scripting.Tests;

/// <summary>What a script does wrong ends at its deadline, is told with its place, and hurts nobody else.</summary>
public class RunawayPolicyTests
{
    private const string File = "policies/pool-size.csx";

    [Theory]
    [InlineData("while (true) ;")]
    [InlineData("while (true) { }")]
    [InlineData("for (;;) ;")]
    [InlineData("for (;;) { try { throw new Exception(); } catch { } }")]
    [InlineData("for (;;) { try { for (;;) ; } catch (Exception) { } finally { } }")]
    [InlineData("again: try { again2: goto again2; } catch { goto again; }")]
    [InlineData("do { } while (c.Pending == 99);")]
    [InlineData("foreach (var x in Forever()) ; IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [InlineData("Forever().Count(); IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [InlineData("Enumerable.Range(0, 16000000).SelectMany(x => Enumerable.Range(0, 16000000)).Count(x => x < 0);")]
    [InlineData("(from x in Enumerable.Range(0, 16000000) from y in Enumerable.Range(0, 16000000) where y < 0 select y).Count();")]
    [InlineData("int F(int n) { while (n > 0) { n = F(n); } return 1; } F(1);")]
    [InlineData("try { while (true) ; } finally { while (c.Pending == 99) ; }")]
    [InlineData("using var endless = new Endless(); while (true) ;", "class Endless : IDisposable { public void Dispose() { while (true) ; } }")]
    public async Task A_call_that_does_not_end_is_stopped(string code, string types = "")
    {
        await using var lab = await StartAsync(code, types);
        var clock = Stopwatch.StartNew();

        var answer = lab.PoolSize(99);

        Assert.Equal("built-in", answer.Origin);
        Assert.Contains("pool-size.csx:", answer.Problem);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"it took {clock.Elapsed}");
        Assert.Equal(1, lab.Status("pool-size").Failures);
        // The next call of it is not stopped for what this one did.
        Assert.Equal(1, lab.PoolSize(1).Value);
    }

    [Theory]
    [InlineData("int F(int n) => F(n + 1) + 1; return F(0);")]
    [InlineData("Func<int, int> f = null!; f = n => f(n + 1) + 1; return f(0);")]
    [InlineData("return new Loop().Value;")]
    [InlineData("return new Chain().Value;")]
    [InlineData("return new Loop()[1];")]
    [InlineData("return (new Loop() + new Loop()).Value;")]
    public async Task Endless_recursion_is_an_exception_and_not_the_end_of_the_host(string code)
    {
        await using var lab = await StartAsync(
            code,
            """
            class Loop
            {
                public int Value => Value + 1;
                public int this[int i] => this[i + 1] + 1;
                public static Loop operator +(Loop a, Loop b) => b + a + b;
            }
            class Chain { public int Value = 1; public Chain Next = new Chain(); }
            """);

        var answer = lab.PoolSize(99);

        Assert.Equal("built-in", answer.Origin);
        Assert.Contains("InsufficientExecutionStackException", answer.Problem);
    }

    [Theory]
    [InlineData("var l = new List<byte[]>(); while (true) l.Add(new byte[100000]);", "call_memory")]
    [InlineData("var s = \"x\"; while (true) s += s;", null)]
    [InlineData("_ = new byte[2000000000];", "asks for 2000000000 items")]
    [InlineData("_ = new long[5000, 5000L * 1000];", "OutOfMemoryException")]
    [InlineData("_ = new List<int>(2000000000);", "asks for 2000000000 items")]
    [InlineData("_ = Enumerable.Repeat(1, int.MaxValue).ToList();", "asks for 2147483647 items")]
    [InlineData("_ = new string('x', 1000000000);", "asks for 1000000000 items")]
    [InlineData("_ = \"\".PadLeft(1000000000);", "asks for 1000000000 items")]
    public async Task A_call_that_takes_all_memory_is_stopped(string code, string? problem)
    {
        await using var lab = await StartAsync(code, configure: options => options.CallMemory = Abstractions.Options.ByteSize.FromMebibytes(16));

        var answer = lab.PoolSize(99);

        Assert.Equal("built-in", answer.Origin);
        Assert.Matches(problem ?? "call_memory|OutOfMemory|policy_time", answer.Problem);
    }

    [Fact]
    public async Task While_one_script_runs_away_others_decide_as_ever()
    {
        await using var lab = await StartAsync("while (true) ;");
        lab.Limits.PolicyTime = TimeSpan.FromSeconds(2);
        await lab.PutAsync("policies/admit-network.csx", "Decide(c => { for (var i = 0; i < 1000; i++) ; return AdmitDecision.Admit; });");

        var runaway = Task.Factory.StartNew(() => lab.PoolSize(99), ScriptLab.Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.TrueAsync(() => lab.Status("pool-size").Calls == 1, cancellationToken: ScriptLab.Cancellation);
        var calls = 0;
        while (!runaway.IsCompleted && calls < 100_000)
        {
            Assert.StartsWith("admit-network.csx@", lab.Admit().Origin);
            calls++;
        }

        Assert.True(calls > 100);
        Assert.Equal("built-in", (await runaway).Origin);
        Assert.Equal(0, lab.Status("admit-network").Failures);
    }

    [Fact]
    public async Task Another_thread_s_quick_call_of_a_runaway_script_is_not_stopped_with_it()
    {
        await using var lab = await StartAsync("while (true) ;");
        lab.Limits.PolicyTime = TimeSpan.FromSeconds(1);
        await lab.ReloadAsync();
        var runaway = Task.Factory.StartNew(() => lab.PoolSize(99), ScriptLab.Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.TrueAsync(() => lab.Status("pool-size").Calls == 1, cancellationToken: ScriptLab.Cancellation);

        while (!runaway.IsCompleted)
        {
            Assert.Equal(1, lab.PoolSize(1).Value);
        }

        Assert.Equal(1, lab.Status("pool-size").Failures);
        Assert.Contains("policy_time", (await runaway).Problem);
    }

    [Fact]
    public async Task Runaway_calls_on_every_thread_of_the_pool_are_stopped_all_the_same()
    {
        await using var lab = await StartAsync("while (true) ;", configure: options => options.FailuresBeforeAside = 1000);
        var calls = Enumerable.Range(0, Environment.ProcessorCount * 3).Select(_ => Task.Run(() => lab.PoolSize(99), ScriptLab.Cancellation));

        var answers = await Task.WhenAll(calls);

        Assert.All(answers, answer => Assert.Equal("built-in", answer.Origin));
    }

    [Fact]
    public async Task A_call_that_nothing_can_end_puts_the_script_aside_for_everybody_else_at_once()
    {
        // A match that takes three seconds in one call of the base library stands for anything that blocks and is not known to the check.
        await using var lab = await StartAsync(
            "var r = new System.Text.RegularExpressions.Regex(\"(a+)+$\", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(3)); "
            + "if (r.IsMatch(new string('a', 60) + \"!\")) return 3;");
        lab.Limits.PolicyTime = TimeSpan.FromMilliseconds(50);
        await lab.ReloadAsync();

        var stuck = Task.Factory.StartNew(() => lab.PoolSize(99), ScriptLab.Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Eventually.TrueAsync(() => lab.Events.Of("policy.aside").Count == 1, cancellationToken: ScriptLab.Cancellation);

        Assert.False(stuck.IsCompleted);
        Assert.Equal("built-in", lab.PoolSize(1).Origin);
        Assert.Contains("does not come back", lab.PoolSize(1).Problem);
        Assert.Equal("built-in", (await stuck).Origin);
    }

    private static async Task<ScriptLab> StartAsync(string code, string types = "", Action<ScriptingOptions>? configure = null)
    {
        var lab = new ScriptLab(configure: configure);
        lab.Write(File, $"Decide(c =>\n{{\n    if (c.Pending != 99) return 1;\n    {code}\n    return 2;\n}});\n{types}");
        await lab.StartAsync();
        Assert.Equal("", string.Join("\n", lab.Status("pool-size").Problems));
        return lab;
    }
}
