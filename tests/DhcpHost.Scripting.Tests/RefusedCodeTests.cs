namespace DhcpHost.Scripting.Tests;

/// <summary>What no deadline can end is refused before it runs, with place, cause and cure.</summary>
public class RefusedCodeTests
{
    [Theory]
    [InlineData("System.Threading.Thread.Sleep(1);", "Sleep is refused", "blocks the thread")]
    [InlineData("System.Threading.Tasks.Task.Delay(1).Wait();", "Wait is refused", "blocks the thread")]
    [InlineData("_ = System.Threading.Tasks.Task.FromResult(1).Result;", "Result is refused", "blocks the thread")]
    [InlineData("System.Threading.Tasks.Task.CompletedTask.GetAwaiter().GetResult();", "GetResult is refused", "blocks the thread")]
    [InlineData("System.Threading.Monitor.Wait(c);", "Wait is refused", "blocks the thread")]
    [InlineData("lock (c) { }", "lock is refused", "blocks the thread")]
    [InlineData("new System.Threading.ManualResetEvent(false).WaitOne();", "WaitOne is refused", "blocks the thread")]
    [InlineData("System.Threading.ManualResetEvent e = new(false);", "is refused", "blocks the thread")]
    [InlineData("Console.ReadLine();", "ReadLine is refused", "terminal")]
    [InlineData("System.Diagnostics.Process.Start(\"x\");", "Start is refused", "driver plugin")]
    [InlineData("new System.Net.Sockets.UdpClient();", "UdpClient is refused", "no network")]
    [InlineData("new System.Net.Http.HttpClient();", "HttpClient is refused", "no network")]
    [InlineData("System.Net.Dns.GetHostName();", "GetHostName is refused", "no network")]
    [InlineData("System.IO.File.ReadAllText(\"/etc/hostname\");", "ReadAllText is refused", "no file")]
    [InlineData("new System.IO.FileStream(\"/x\", System.IO.FileMode.Open);", "FileStream is refused", "no file")]
    [InlineData("Environment.Exit(0);", "Exit is refused", "ends the host")]
    [InlineData("Environment.FailFast(\"x\");", "FailFast is refused", "ends the host")]
    [InlineData("new System.Threading.Thread(() => { }).Start();", "is refused", "escapes the deadline")]
    [InlineData("System.Threading.ThreadPool.QueueUserWorkItem(_ => { });", "QueueUserWorkItem is refused", "escapes the deadline")]
    [InlineData("_ = new System.Threading.Timer(_ => { });", "Timer is refused", "escapes the deadline")]
    [InlineData("new[] { 1 }.AsParallel().Sum();", "AsParallel is refused", "escapes the deadline")]
    [InlineData("System.Threading.Tasks.Parallel.For(0, 1, _ => { });", "For is refused", "cannot await anything")]
    [InlineData("typeof(string).GetMethod(\"x\")!.Invoke(null, null);", "Invoke is refused", "escapes the host's guard")]
    [InlineData("Activator.CreateInstance<object>();", "CreateInstance<object> is refused", "escapes the host's guard")]
    [InlineData("Span<int> s = stackalloc int[10];", "stackalloc is refused", "ends the host")]
    [InlineData("async void F() { }", "async void is refused", "return Task")]
    [InlineData("_ = new System.Text.RegularExpressions.Regex(\"a\");", "a Regex without a time limit is refused", "matchTimeout")]
    [InlineData("System.Text.RegularExpressions.Regex.IsMatch(\"a\", \"b\");", "a Regex without a time limit is refused", "matchTimeout")]
    [InlineData("GC.Collect();", "Collect is refused", "stops the whole host")]
    [InlineData("unsafe { }", "CS0227", "")]
    [InlineData("try { } finally { while (true) { } }", "a finally block that never ends is refused", "ends the host")]
    [InlineData("dynamic d = c; d.X();", "CS0656", "write this place in another way")]
    public async Task A_policy_may_not(string code, string what, string why)
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", $"Decide(c =>\n{{\n    {code}\n    return 1;\n}});");
        await lab.StartAsync();

        var problems = string.Join('\n', lab.Status("pool-size").Problems);
        Assert.Contains("pool-size.csx:3:", problems);
        Assert.Contains(what, problems);
        Assert.Contains(why, problems);
        Assert.Equal("built-in", lab.PoolSize().Origin);
    }

    [Theory]
    [InlineData("class X { ~X() { } }", "a finalizer is refused")]
    [InlineData("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();", "is refused")]
    [InlineData("using T = System.Threading.Thread;\nT.Sleep(1);", "Sleep is refused")]
    [InlineData("using static System.Threading.Thread;\nSleep(1);", "Sleep is refused")]
    [InlineData("await System.Threading.Tasks.Task.Delay(1);", "await is refused")]
    [InlineData("int F() { System.Threading.Thread.Sleep(1); return 1; }", "Sleep is refused")]
    public async Task Nor_outside_its_decision(string code, string what)
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", $"{code}\nDecide(c => 1);");
        await lab.StartAsync();

        Assert.Contains(what, string.Join('\n', lab.Status("pool-size").Problems));
    }

    [Fact]
    public async Task Nor_in_a_loaded_file_whose_place_is_told()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/shared/wait.csx", "void Pause()\n{\n    Thread.Sleep(1);\n}");
        lab.Write("policies/pool-size.csx", "#load \"shared/wait.csx\"\nDecide(c => 1);");
        await lab.StartAsync();

        Assert.Contains($"{lab.Root}/policies/shared/wait.csx:3:12: Sleep is refused", Assert.Single(lab.Status("pool-size").Problems));
    }

    [Theory]
    [InlineData("var re = new System.Text.RegularExpressions.Regex(\"^a+$\", System.Text.RegularExpressions.RegexOptions.None, "
        + "TimeSpan.FromMilliseconds(20)); if (re.IsMatch(\"b\")) return 2;")]
    [InlineData("_ = System.IO.Path.GetFileName(\"/a/b\");")]
    [InlineData("_ = new System.IO.StringReader(\"x\").ReadLine();")]
    [InlineData("_ = Timeout.InfiniteTimeSpan;")]
    [InlineData("int n = 0; Interlocked.Increment(ref n);")]
    [InlineData("_ = c.GetType().Name;")]
    [InlineData("_ = IPAddress.Parse(\"192.0.2.1\"); _ = new System.Text.StringBuilder().Append(1).ToString();")]
    [InlineData("var t = (1, \"a\"); var (a, b) = t; _ = new { a, b };")]
    public async Task What_is_harmless_is_allowed(string code)
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", $"Decide(c => {{ {code} return 1; }});");
        await lab.StartAsync();

        Assert.Empty(lab.Status("pool-size").Problems);
        Assert.Equal(1, lab.PoolSize().Value);
    }

    [Theory]
    [InlineData("Thread.Sleep(1);", "await Task.Delay")]
    [InlineData("Task.Delay(1).Wait();", "await the task")]
    [InlineData("async void F() { await Task.Yield(); }", "return Task")]
    [InlineData("Environment.Exit(1);", "throw an exception")]
    [InlineData("new Thread(() => { }).Start();", "a job awaits")]
    [InlineData("System.Diagnostics.Process.Start(\"x\");", "driver plugin")]
    public async Task A_job_may_not(string code, string cure)
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", code);
        await lab.StartAsync();

        Assert.Contains(cure, string.Join('\n', lab.Status("jobs/j").Problems));
    }
}
