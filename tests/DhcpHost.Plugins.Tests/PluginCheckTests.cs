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
            var report = await host.CheckAsync(PluginLab.Token);
            var plugins = report.Plugins;
            Assert.Equal(
                [
                    ("a-options", PluginState.Failed), ("b-constructor", PluginState.Failed), ("c-broken", PluginState.Failed),
                    ("d-source", PluginState.Discovered),
                    ("sample", PluginState.Discovered),
                ],
                plugins.Select(plugin => (plugin.Id.Value, plugin.State)));
            Assert.StartsWith("host.toml:2:10: drivers.a-options.number", plugins[0].Message, StringComparison.Ordinal);
            Assert.Equal("it threw InvalidOperationException while it was checked: the constructor did it", plugins[1].Message);
            Assert.Equal(["host.toml:2:10: drivers.a-options.number"], report.TableErrors.Select(error => error.ToString()[..40]));
            Assert.Equal(["plugin b-constructor", "plugin c-broken"], report.Problems.Select(problem => problem.Split(':')[0]));
            Assert.Empty(host.Registry.Drivers);
        }

        Assert.Equal(copies, lab.Copies);
        Assert.True(await lab.Host.ReloadAsync(new("sample"), PluginLab.Token));
        Assert.Equal(1, lab.Status("sample").Swaps);
    }

    [Fact]
    public async Task CheckAsync_TablesWithErrorsOfAllKinds_TellsEachOfThemInTheFilesOrder()
    {
        await using var lab = new PluginLab();
        lab.InstallMisbehaving("none", "first");
        lab.InstallMisbehaving("none", "second");
        lab.Install("TestPlugins.Sample", "origin", "TestPlugins.Sample.dll", more: "kind = \"source\"");
        const string Toml = "[drivers.second]\nnumber = 0\n[drivers.origin]\n[sources.elsewhere]\n[drivers.first]\nnumbr = 1\nnumber = 0\n";
        var settings = lab.Settings with { Tables = PluginLab.Tables(Toml) };
        await using var host = new PluginHost(settings, lab.Events, NullLoggerFactory.Instance, TimeProvider.System);

        var report = await host.CheckAsync(PluginLab.Token);

        Assert.Equal(
            [(2, "drivers.second.number"), (3, "drivers.origin"), (4, "sources.elsewhere"), (6, "drivers.first.numbr"), (7, "drivers.first.number")],
            report.TableErrors.Select(error => (error.Line, error.Key)));
        Assert.Empty(report.Problems);
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
