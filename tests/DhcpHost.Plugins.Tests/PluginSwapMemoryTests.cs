using DhcpHost.Testing;

namespace DhcpHost.Plugins.Tests;

/// <summary>What swaps leave behind, which is measured in the whole process.</summary>
[Collection(nameof(MeasuredAloneCollection))]
public sealed class PluginSwapMemoryTests
{
    [Fact]
    public async Task Swap_FiftyTimes_GrowsNeitherContextsNorMemory()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        long Memory() => GC.GetTotalMemory(forceFullCollection: true);
        long before = 0;
        for (var i = 1; i <= 50; i++)
        {
            lab.InstallSample(1 + (i % 2));
            await lab.Host.RescanAsync(PluginLab.Token);
            before = i == 10 ? Memory() : before;
        }

        Assert.Equal(50, lab.Status("sample").Swaps);
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return LoadedContexts("TestPlugins.Sample") <= 1;
            },
            cancellationToken: PluginLab.Token);
        Assert.Equal(0, lab.Status("sample").LeakedContexts);
        Assert.Single(lab.Copies);
        Assert.InRange(Memory() - before, long.MinValue, 1 << 20);
    }

    private static int LoadedContexts(string name) => System.Runtime.Loader.AssemblyLoadContext.All.Count(context => context.Name == name);
}
