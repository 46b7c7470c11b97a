using DhcpHost.Core.Plugins;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugins.Tests;

/// <summary>The look before a real start.</summary>
public sealed class PluginCheckTests
{
    [Fact]
    public async Task CheckAsync_BesideARunningHost_SaysWhatWouldFailAndStartsNothing()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        var copies = lab.Copies;
        lab.InstallMisbehaving("throw-in-start", "a-options");
        lab.InstallMisbehaving("throw-in-constructor", "b-constructor");
        lab.Write("c-broken", "plugin.toml", "id = 1");
        lab.Install("TestPlugins.Sample", "d-source", "TestPlugins.Sample.dll", more: "kind = \"source\"");
        var settings = lab.Settings with { Tables = PluginLab.Tables("[drivers.a-options]\nnumber = 0\n") };
        await using (var host = new PluginHost(settings, lab.Events, NullLoggerFactory.Instance, TimeProvider.System))
        {
            var plugins = await host.CheckAsync(PluginLab.Token);
            Assert.Equal(
                [
                    ("a-options", PluginState.Failed), ("b-constructor", PluginState.Failed), ("c-broken", PluginState.Failed),
                    ("d-source", PluginState.Discovered),
                    ("sample", PluginState.Discovered),
                ],
                plugins.Select(plugin => (plugin.Id.Value, plugin.State)));
            Assert.StartsWith("host.toml:2:10: drivers.a-options.number", plugins[0].Message, StringComparison.Ordinal);
            Assert.Equal("it threw InvalidOperationException while it was checked: the constructor did it", plugins[1].Message);
            Assert.Empty(host.Registry.Drivers);
        }

        Assert.Equal(copies, lab.Copies);
        Assert.True(await lab.Host.ReloadAsync(new("sample"), PluginLab.Token));
        Assert.Equal(1, lab.Status("sample").Swaps);
    }

    [Fact]
    public async Task StartAsync_CopiesOfAHostThatDied_AreRemoved()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        _ = Directory.CreateDirectory(Path.Combine(lab.Settings.CacheDirectory, "dead", "sample.1"));
        await File.WriteAllTextAsync(Path.Combine(lab.Settings.CacheDirectory, "dead.lock"), "1\n", PluginLab.Token);
        await lab.StartAsync();
        Assert.False(Path.Exists(Path.Combine(lab.Settings.CacheDirectory, "dead")));
        Assert.Single(lab.Copies);
    }
}
