using DhcpHost.Testing;

namespace DhcpHost.Scripting.Tests;

/// <summary>Old contents leave nothing behind.</summary>
[Collection(nameof(MeasuredAloneCollection))]
public class RecompileTests
{
    private const int WarmUp = 30;
    private const int Rounds = 200;

    [Fact]
    public async Task Two_hundred_new_contents_grow_neither_memory_nor_the_number_of_assemblies()
    {
        await using var lab = new ScriptLab();
        await lab.StartAsync();
        Collect();
        var others = CountScripts();
        await ReplaceAsync(lab, 0, WarmUp);
        var before = Measure();

        await ReplaceAsync(lab, WarmUp, Rounds);

        Assert.Equal(WarmUp + Rounds - 1, lab.PoolSize().Value);
        await Eventually.TrueAsync(
            () =>
            {
                // Contexts go one after the other, each after some collections.
                Collect();
                return CountScripts() - others <= 4;
            },
            TimeSpan.FromSeconds(30),
            ScriptLab.Cancellation);
        var after = Measure();
        Assert.True(after.Managed - before.Managed < 8 << 20, $"the managed heap grew by {(after.Managed - before.Managed) >> 10} KiB");
        // Each compilation with references of its own would leave 8 MB: 1.6 GB.
        Assert.True(after.Private - before.Private < 100L << 20, $"private memory grew by {(after.Private - before.Private) >> 20} MiB");
    }

    [Fact]
    public async Task Job_runs_leave_no_assembly_behind()
    {
        await using var lab = new ScriptLab();
        lab.Write("jobs/j.csx", "static int runs; runs++; await Task.Yield(); Host.Record(\"run\", $\"{runs}\");");
        await lab.StartAsync();
        var host = new RecordingJobHost();

        for (var round = 0; round < 50; round++)
        {
            await lab.Host.Jobs.RunAsync("j", host, ScriptLab.Cancellation);
        }

        // No run saw what another left.
        Assert.All(host.Records, record => Assert.Equal("1", record.Message));
        await Eventually.TrueAsync(
            () =>
            {
                Collect();
                return AppDomain.CurrentDomain.GetAssemblies().Count(
                    assembly => assembly.GetName().Name!.StartsWith("DhcpHost.Script.jobs.j.", StringComparison.Ordinal)) <= 2;
            },
            TimeSpan.FromSeconds(30),
            ScriptLab.Cancellation);
    }

    private static async Task ReplaceAsync(ScriptLab lab, int first, int count)
    {
        for (var index = first; index < first + count; index++)
        {
            await lab.PutAsync("policies/pool-size.csx", $"// {new string('x', 2000)}\nDecide(c => {index});");
            Assert.Equal(index, lab.PoolSize().Value);
        }
    }

    private static int CountScripts() =>
        AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name!.StartsWith("DhcpHost.Script.pool-size", StringComparison.Ordinal));

    private static (long Managed, long Private) Measure()
    {
        Collect();
        return (GC.GetTotalMemory(forceFullCollection: true), PrivateBytes());
    }

    private static long PrivateBytes()
    {
        // RssAnon: what is really in memory and is nobody else's.
        var line = File.ReadLines("/proc/self/status").Single(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
