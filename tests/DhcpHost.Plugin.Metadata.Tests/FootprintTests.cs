using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>What a network costs that nobody asks on.</summary>
public sealed class FootprintTests
{
    private const int Count = 60;
    private const int MaxBytes = 16 * 1024;

    [Fact]
    public async Task A_network_costs_some_kilobytes_and_no_thread()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var subject = await MetadataSubject.CreateAsync();
        var plans = new List<MetadataPlan>();
        for (var i = 0; i <= Count; i++)
        {
            plans.Add(await subject.NewPlanAsync($"n{i}", stop));
        }

        // The first one brings the web server.
        _ = await subject.Driver.ApplyAsync(plans[0], null, stop);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var threads = Directory.GetDirectories("/proc/self/task").Length;
        foreach (var plan in plans.Skip(1))
        {
            _ = await subject.Driver.ApplyAsync(plan, null, stop);
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes of managed memory for each network");
        Assert.InRange(each, 0, MaxBytes);

        // Of the pool's threads some may have come.
        Assert.InRange(Directory.GetDirectories("/proc/self/task").Length - threads, -Count, Count / 2);
    }
}
