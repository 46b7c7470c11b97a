using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>What a network costs that nobody asks on.</summary>
[Collection(nameof(MeasuredAloneCollection))]
public sealed class FootprintTests
{
    private const int Samples = 5;
    private const int NetworksOfSample = 12;
    private const int MaxBytes = 16 * 1024;

    [Fact]
    public async Task A_network_costs_some_kilobytes_and_no_thread()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var subject = await MetadataSubject.CreateAsync();
        var plans = new List<MetadataPlan>();
        for (var i = 0; i <= Samples * NetworksOfSample; i++)
        {
            plans.Add(await subject.NewPlanAsync($"n{i}", stop));
        }

        // The first one brings the web server.
        _ = await subject.Driver.ApplyAsync(plans[0], null, stop);
        var threads = Directory.GetDirectories("/proc/self/task").Length;
        var samples = new List<long>();
        foreach (var sample in plans.Skip(1).Chunk(NetworksOfSample))
        {
            var before = LivingBytes();
            foreach (var plan in sample)
            {
                _ = await subject.Driver.ApplyAsync(plan, null, stop);
            }

            samples.Add((LivingBytes() - before) / NetworksOfSample);
        }

        // What the runtime or an earlier test's end adds or takes away beside falls into a sample or two: the median is the networks' own.
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(", ", samples)} bytes of managed memory for each network");
        Assert.InRange(samples.Order().ElementAt(Samples / 2), 1, MaxBytes);

        // Of the pool's threads some may have come.
        Assert.InRange(Directory.GetDirectories("/proc/self/task").Length - threads, -plans.Count, plans.Count / 2);
    }

    private static long LivingBytes()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
