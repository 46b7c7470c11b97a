using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Plugins;
using DhcpHost.Testing;

namespace DhcpHost.Plugins.Tests;

/// <summary>What the host notices by itself: changed folders, and what drivers tell.</summary>
public sealed class PluginWatchTests
{
    [Fact]
    public async Task Watch_FileRenamedOver_IsSwapped()
    {
        await using var lab = Watching();
        lab.InstallSample(1);
        await lab.StartAsync();
        lab.Write("sample", ".next", TestPluginFiles.Assembly("TestPlugins.SampleV2", "TestPlugins.Sample.dll"));
        File.Move(Path.Combine(lab.Folder("sample"), ".next"), Path.Combine(lab.Folder("sample"), "TestPlugins.Sample.dll"), overwrite: true);
        await Eventually.TrueAsync(() => lab.Registry.Drivers.Any(driver => driver.Info.Version == "2.0.0"), cancellationToken: PluginLab.Token);
    }

    [Fact]
    public async Task Watch_FileWrittenInPlace_IsSwapped()
    {
        await using var lab = Watching();
        lab.InstallSample(1);
        await lab.StartAsync();
        lab.InstallSample(2);
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "2.0.0", State: PluginState.Ready }, "swapped");
    }

    [Fact]
    public async Task Watch_FolderRenamedOver_IsSwapped()
    {
        await using var lab = Watching();
        lab.InstallSample(2);
        Directory.Move(lab.Folder("sample"), Path.Combine(lab.Root, "next"));
        lab.InstallSample(1);
        await lab.StartAsync();
        Directory.Move(lab.Folder("sample"), Path.Combine(lab.Root, "old"));
        Directory.Move(Path.Combine(lab.Root, "next"), lab.Folder("sample"));
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "2.0.0", Swaps: 1 }, "swapped");

        // The new folder is watched as the old one was.
        lab.InstallSample(1);
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "1.0.0", Swaps: 2 }, "swapped back");
    }

    [Fact]
    public async Task Watch_LinkToTheFolderOfAVersion_IsFollowed()
    {
        await using var lab = Watching();
        foreach (var version in new[] { 1, 2 })
        {
            lab.InstallSample(version);
            Directory.Move(lab.Folder("sample"), Path.Combine(lab.Root, $"v{version}"));
        }

        _ = Directory.CreateSymbolicLink(lab.Folder("sample"), Path.Combine(lab.Root, "v1"));
        await lab.StartAsync();
        Assert.Equal("1.0.0", lab.Status("sample").Version);
        _ = Directory.CreateSymbolicLink(Path.Combine(lab.Root, "link"), Path.Combine(lab.Root, "v2"));
        using var rename = System.Diagnostics.Process.Start("mv", ["-T", Path.Combine(lab.Root, "link"), lab.Folder("sample")]);
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "2.0.0", Swaps: 1 }, "swapped");
        lab.InstallSample(1);
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "1.0.0", Swaps: 2 }, "swapped in the folder that the link leads to now");
    }

    [Fact]
    public async Task Watch_NewFolder_IsLoaded_AndARemovedOneEnded()
    {
        await using var lab = Watching();
        await lab.StartAsync();
        Assert.Empty(lab.Host.Plugins);
        lab.InstallSample(1);
        await lab.BecomesAsync("sample", plugin => plugin.State == PluginState.Ready, "loaded");
        Directory.Delete(lab.Folder("sample"), recursive: true);
        await Eventually.TrueAsync(() => lab.Host.Plugins.Count == 0, cancellationToken: PluginLab.Token);
        Assert.Empty(lab.Registry.Drivers);
        var events = await lab.EventsAsync("plugin.removed");
        Assert.Contains("its folder", Assert.Single(events).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_BrokenThenRightFile_EndsWithTheRightOne()
    {
        await using var lab = Watching();
        lab.InstallSample(1);
        await lab.StartAsync();
        lab.Write("sample", "TestPlugins.Sample.dll", "half a file");
        await lab.BecomesAsync("sample", plugin => plugin.Message?.Contains("is not a .NET assembly", StringComparison.Ordinal) == true, "refused");
        Assert.Equal(("1.0.0", PluginState.Ready), (lab.Status("sample").Version, lab.Status("sample").State));
        lab.InstallSample(2);
        await lab.BecomesAsync("sample", plugin => plugin is { Version: "2.0.0", State: PluginState.Ready }, "swapped");
    }

    [Fact]
    public async Task Source_IsStartedOnlyWhereConfigured()
    {
        await using var lab = new PluginLab();
        lab.Install("TestPlugins.Sample", "sample", "TestPlugins.Sample.dll", more: "kind = \"source\"");
        await lab.StartAsync();
        Assert.Equal(
            (PluginState.Discovered, "not used: add [sources.sample] to host.toml to use it"), (lab.Status("sample").State, lab.Status("sample").Message));
        await lab.Host.ReconfigureAsync(PluginLab.Tables("[sources.sample]\n"), PluginLab.Token);
        Assert.Contains("takes effect at the next start of the host", lab.Status("sample").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchAsync_DriverTells_NoticesCarryTheDriver()
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("tells-exits");
        await foreach (var notice in lab.Registry.WatchAsync(PluginLab.Token))
        {
            Assert.Equal("misbehaving", notice.Driver.Plugin.Value);
            if (notice.Event is DriverEvent.Drifted drifted)
            {
                Assert.Equal("told", drifted.Reason);
                return;
            }
        }
    }

    [Fact]
    public async Task WatchOfADriver_ThatFails_IsOpenedAgain()
    {
        await using var lab = new PluginLab();
        var status = await lab.StartMisbehavingAsync("failing-watch");
        Assert.Equal((PluginState.Unhealthy, "misbehaving: its watch failed: OwnException: the watch did it"), (status.State, status.Message));
        await lab.BecomesAsync("misbehaving", plugin => plugin is { State: PluginState.Ready, Message: "misbehaving: fine 2" }, "well again");
    }

    [Fact]
    public async Task TwoDirectories_TheFirstWinsAndTheOtherIsNamed()
    {
        await using var lab = new PluginLab();
        var second = Directory.CreateDirectory(Path.Combine(lab.Root, "more")).FullName;
        lab.Settings = lab.Settings with { Options = new() { Watch = false, Directories = ["plugins", "more", "absent"] } };
        lab.InstallSample(2);
        Directory.Move(lab.Folder("sample"), Path.Combine(second, "sample"));
        lab.InstallSample(1);
        await lab.StartAsync();
        Assert.Equal("1.0.0", Assert.Single(lab.Registry.Drivers).Info.Version);
        var shadowed = lab.Host.Plugins.Single(plugin => plugin.State == PluginState.Failed);
        Assert.Equal(Path.Combine(second, "sample"), shadowed.Directory);
        Assert.Equal($"{lab.Folder("sample")} has this id already; remove one of the two folders", shadowed.Message);
        Assert.Contains(await lab.EventsAsync("plugin.failed"), item => item.Message.Contains("absent is not there", StringComparison.Ordinal));
    }

    private static PluginLab Watching()
    {
        var lab = new PluginLab();
        lab.Settings = lab.Settings with { Options = new() { RescanInterval = TimeSpan.FromHours(1) } };
        return lab;
    }
}
