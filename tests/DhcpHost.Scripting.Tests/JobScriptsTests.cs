using System.Diagnostics;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;

namespace DhcpHost.Scripting.Tests;

public class JobScriptsTests
{
    [Fact]
    public async Task A_job_awaits_loads_logs_and_reads_files()
    {
        var loggers = new RecordingLoggers();
        await using var lab = new ScriptLab(loggers: loggers);
        lab.Write("jobs/shared/greet.csx", "string Greet(string name) => $\"hello {name}\";");
        lab.Write("jobs/j.csx", """
            #load "shared/greet.csx"
            await Task.Delay(1, Cancellation);
            var text = await File.ReadAllTextAsync("/proc/self/comm", Cancellation);
            Log.LogInformation("read {Length}", text.Length > 0);
            Host.Record("greeting", Greet("world"));
            """);
        await lab.StartAsync();
        var host = new RecordingJobHost();

        await lab.Host.Jobs.RunAsync("j", host, ScriptLab.Cancellation);

        Assert.Equal(("greeting", "hello world", EventSeverity.Info), Assert.Single(host.Records));
        Assert.Contains(("DhcpHost.Jobs.j", "read True"), loggers.Messages);
        Assert.Equal(1, lab.Status("jobs/j").Calls);
        Assert.Equal(0, lab.Status("jobs/j").Failures);
    }

    [Fact]
    public async Task A_job_that_throws_is_told_with_file_line_and_column()
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", "await Task.Yield();\nvar a = new int[1];\n  a[Host.Networks.Count + 1] = 1;");
        await lab.StartAsync();

        var failure = await FailAsync(lab);

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("j.csx:3:3: IndexOutOfRangeException", failure.Message);
        Assert.Equal(1, lab.Status("jobs/j").Failures);
        Assert.Contains("j.csx:3:3", Assert.Single(lab.Status("jobs/j").Problems));
    }

    [Fact]
    public async Task A_job_that_does_not_compile_fails_with_every_place()
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", "int a = \"x\";\nint b = c;");
        await lab.StartAsync();

        var failure = await FailAsync(lab);

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("j.csx:1:9: CS0029", failure.Message);
        Assert.Contains("j.csx:2:9: CS0103", failure.Message);
    }

    [Fact]
    public async Task A_broken_content_leaves_the_last_good_one_to_run()
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", "Host.Record(\"v\", \"1\");");
        await lab.StartAsync();
        await lab.PutAsync("jobs/j.csx", "oops");
        var host = new RecordingJobHost();

        await lab.Host.Jobs.RunAsync("j", host, ScriptLab.Cancellation);

        Assert.Equal("1", Assert.Single(host.Records).Message);
        Assert.False(lab.Status("jobs/j").IsCurrent);
    }

    [Fact]
    public async Task A_job_that_is_not_there_says_which_file_to_write()
    {
        await using var lab = new ScriptLab();
        await lab.StartAsync();

        Assert.Contains($"{lab.Root}/jobs/j.csx", (await FailAsync(lab)).Message);
    }

    [Theory]
    [InlineData("while (true) ;")]
    [InlineData("while (true) { try { while (true) ; } catch { } }")]
    [InlineData("await Task.Delay(-1, Cancellation);")]
    [InlineData("while (true) { await Task.Yield(); }")]
    [InlineData("async Task Spin() { while (true) await Task.Yield(); }\nawait Task.WhenAll(Spin(), Spin());")]
    public async Task A_job_that_does_not_end_is_stopped_at_its_deadline(string text)
    {
        await using var lab = new ScriptLab();
        lab.Limits.JobTime = TimeSpan.FromMilliseconds(200);
        lab.Write("jobs/j.csx", text);
        await lab.StartAsync();
        var clock = Stopwatch.StartNew();

        var failure = await FailAsync(lab);

        Assert.Equal(FailureKind.Limit, failure.Kind);
        Assert.Contains("limits.job_time", failure.Message);
        Assert.Contains("j.csx:", failure.Message);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task A_job_that_heeds_nothing_is_left_behind_and_said_so()
    {
        await using var lab = new ScriptLab();
        lab.Limits.JobTime = TimeSpan.FromMilliseconds(100);
        lab.Write("jobs/j.csx", "await Task.Delay(TimeSpan.FromSeconds(30));");
        await lab.StartAsync();

        var failure = await FailAsync(lab);

        Assert.Equal(FailureKind.Limit, failure.Kind);
        Assert.Contains("does not heed Cancellation", failure.Message);
    }

    [Fact]
    public async Task A_job_that_takes_all_memory_is_stopped()
    {
        await using var lab = new ScriptLab(configure: options => options.JobMemory = Abstractions.Options.ByteSize.FromMebibytes(32));
        lab.Write("jobs/j.csx", "var all = new List<byte[]>(); while (true) { all.Add(new byte[10000]); if (all.Count % 100 == 0) await Task.Delay(1); }");
        await lab.StartAsync();

        var failure = await FailAsync(lab);

        Assert.Equal(FailureKind.Limit, failure.Kind);
        Assert.Contains("scripts.job_memory", failure.Message);
    }

    [Fact]
    public async Task A_host_that_stops_cancels_the_run_without_calling_it_a_failure()
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", "Host.Record(\"a\", \"b\"); await Task.Delay(-1, Cancellation);");
        await lab.StartAsync();
        using var stop = new CancellationTokenSource();
        var host = new RecordingJobHost();

        var run = lab.Host.Jobs.RunAsync("j", host, stop.Token);
        await Eventually.TrueAsync(() => !host.Records.IsEmpty, cancellationToken: ScriptLab.Cancellation);
        await stop.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, lab.Status("jobs/j").Failures);
    }

    [Fact]
    public async Task The_shipped_reports_say_what_they_promise()
    {
        await using var lab = new ScriptLab();
        foreach (var name in new[] { "report-expiring-leases", "quarantine-report" })
        {
            lab.Write(
                $"jobs/{name}.csx",
                await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "scripts", "jobs", $"{name}.csx"), ScriptLab.Cancellation));
        }

        await lab.StartAsync();
        var now = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var host = new RecordingJobHost
        {
            Now = now,
            Networks =
            [
                new() { Id = new("a"), Name = "alpha", Source = new("files"), Phase = NetworkPhase.Ready, Since = now },
                new() { Id = new("b"), Name = "beta", Source = new("files"), Phase = NetworkPhase.Quarantined, Since = now, Message = "broken" },
            ],
            Leases =
            [
                new Lease { Address = System.Net.IPAddress.Parse("192.0.2.10"), ExpiresAt = now.AddMinutes(5) },
                new Lease { Address = System.Net.IPAddress.Parse("192.0.2.11"), ExpiresAt = now.AddHours(5) },
            ],
        };

        await lab.Host.Jobs.RunAsync("report-expiring-leases", host, ScriptLab.Cancellation);
        await lab.Host.Jobs.RunAsync("quarantine-report", host, ScriptLab.Cancellation);

        Assert.Contains(
            host.Records, record => record.Kind == "expiring-leases" && record.Message.StartsWith("alpha: 1 of 2 leases", StringComparison.Ordinal));
        Assert.Contains(host.Records, record => record.Kind == "quarantine-report" && record.Message == "1 networks are in quarantine: beta");
    }

    [Fact]
    public async Task The_shipped_export_is_written_below_the_hosts_state_directory()
    {
        await using var lab = new ScriptLab();
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "scripts", "jobs", "export-networks.csx"), ScriptLab.Cancellation);
        lab.Write("jobs/export-networks.csx", script);
        await lab.StartAsync();
        var host = new RecordingJobHost
        {
            StateDirectory = Path.Combine(lab.Root, "state"),
            Networks = [new() { Id = new("a"), Name = "alpha", Source = new("files"), Phase = NetworkPhase.Ready, Since = DateTimeOffset.UnixEpoch }],
        };

        await lab.Host.Jobs.RunAsync("export-networks", host, ScriptLab.Cancellation);
        await lab.Host.Jobs.RunAsync("export-networks", host, ScriptLab.Cancellation);

        var folder = Path.Combine(host.StateDirectory, "export");
        Assert.Equal([Path.Combine(folder, "networks.json")], Directory.EnumerateFiles(folder));
        Assert.Contains("\"alpha\"", await File.ReadAllTextAsync(Path.Combine(folder, "networks.json"), ScriptLab.Cancellation));
    }

    private static Task<DhcpHostException> FailAsync(ScriptLab lab) =>
        Assert.ThrowsAsync<DhcpHostException>(() => lab.Host.Jobs.RunAsync("j", new RecordingJobHost(), ScriptLab.Cancellation));
}
