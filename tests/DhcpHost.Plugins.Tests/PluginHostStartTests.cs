using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugins.Tests;

/// <summary>What becomes of plugins when the host starts: good ones work, and no bad one harms anybody else.</summary>
public sealed class PluginHostStartTests
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(5);

    public static TheoryData<string, string> Refusals => new()
    {
        { "throw-in-constructor", "it threw InvalidOperationException while it started: the constructor did it" },
        { "throw-in-static-constructor", "it threw InvalidOperationException while it started: the static constructor did it" },
        { "throw-in-start", "it threw OwnException while it started: the start did it; "
            + "additionally, cleanup: it threw OwnException while it ended: the end did it" },
        { "null-contents", "its StartAsync returned null instead of what it offers" },
        { "null-driver", "its MetadataDrivers is null, or holds a null" },
        { "no-drivers", "it offers no driver and no source" },
        { "duplicate-drivers", "it offers two Metadata drivers with the id 'misbehaving'" },
        { "newer-driver-contract", "its driver 'misbehaving' says that it follows contract 1.99, but this host has 1.1" },
        { "no-options", "its OptionsType is null" },
        { "options-without-constructor", "is no class with a public constructor without parameters" },
        { "missing-member", "it does not fit this host or its own libraries while it started" },
    };

    [Fact]
    public async Task StartAsync_GoodPlugin_OffersItsDriverWithItsHealth()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        var status = lab.Status("sample");
        Assert.Equal(PluginState.Ready, status.State);
        Assert.Equal("1.0.0", status.Version);
        Assert.Equal(["dhcp sample"], status.Offers);
        Assert.Equal(lab.Hash("sample", "TestPlugins.Sample.dll"), status.Sha256);
        var driver = Assert.Single(lab.Registry.Drivers);
        Assert.Equal((DriverKind.Dhcp, "sample", "1.0.0", true), (driver.Kind, driver.Info.Id.Value, driver.Info.Version, driver.Health.IsHealthy));
        Assert.Single(await lab.EventsAsync("plugin.loaded"));
    }

    [Fact]
    public async Task Code_of_drivers_can_be_unloaded_and_that_of_sources_which_are_never_replaced_is_loaded_for_good()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        lab.InstallMisbehaving("source", "idle");
        lab.WriteManifest("idle", "TestPlugins.Misbehaving.dll", more: "kind = \"source\"");
        lab.Settings = lab.Settings with { Tables = PluginLab.Tables("[sources.idle]\n") };
        await lab.StartAsync();
        Assert.False(Assert.Single(lab.Registry.Sources).GetType().IsCollectible);
        using var lease = await lab.Registry.RentAsync<IDhcpDriver>(new("sample"), PluginLab.Token);
        Assert.True(lease.Driver.GetType().IsCollectible);
    }

    [Fact]
    public async Task A_plugin_that_is_not_needed_at_once_is_loaded_when_the_host_asks_for_the_rest()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        lab.InstallMisbehaving("throw-in-start");
        await lab.StartAsync(first: "sample");
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
        Assert.Equal(
            (PluginState.Discovered, "loaded when what ran before serves again"), (lab.Status("misbehaving").State, lab.Status("misbehaving").Message));
        await lab.Host.CompleteAsync(PluginLab.Token);
        Assert.Equal(PluginState.Failed, lab.Status("misbehaving").State);
        Assert.Single(await lab.EventsAsync("plugin.loaded"));
    }

    [Fact]
    public async Task A_driver_of_a_plugin_that_was_put_off_is_there_for_whoever_asks_for_it()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync(first: "another");
        Assert.Empty(lab.Registry.Drivers);
        using var lease = await lab.Registry.RentAsync<IDhcpDriver>(new("sample"), PluginLab.Token);
        Assert.Equal("sample", lease.Driver.Info.Id.Value);
        var error = await Assert.ThrowsAsync<DhcpHostException>(async () => await lab.Registry.RentAsync<IDhcpDriver>(new("no-such"), PluginLab.Token));
        Assert.Contains("there are: sample", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_with_a_table_is_never_put_off()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        lab.Settings = lab.Settings with { Tables = PluginLab.Tables("[drivers.sample]\n") };
        await lab.StartAsync(first: "another");
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task StartAsync_PluginThatFails_IsFailedWithItsReasonAndTheRestRuns(string behaviour, string reason)
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        var status = await lab.StartMisbehavingAsync(behaviour);
        Assert.Equal(PluginState.Failed, status.State);
        Assert.Contains(reason, status.Message, StringComparison.Ordinal);
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
        Assert.Single(lab.Registry.Drivers);
        Assert.Single(await lab.EventsAsync("plugin.failed"));
        Assert.Single(lab.Copies);
    }

    [Theory]
    [InlineData("block-in-constructor")]
    [InlineData("block-in-start")]
    [InlineData("hang-in-start")]
    public Task StartAsync_PluginThatHangs_IsLeftBehindAtTheDeadlineAndTheRestRuns(string behaviour) => AssertFailsBesideSampleAsync(
        behaviour, "it took longer than 5 s while it started and hangs: its thread is left behind", NullLoggerFactory.Instance, (clock, start) =>
            Eventually.TrueAsync(
            () =>
            {
                clock.Advance(StartTime);
                return start.IsCompleted;
            },
            cancellationToken: PluginLab.Token));

    [Fact]
    public async Task StartAsync_PluginThatEndsWhenToldTo_IsFailedAtTheDeadlineAndTheRestRuns()
    {
        using var log = new RecordingLoggerFactory();
        await AssertFailsBesideSampleAsync("obey-in-start", "it took longer than 5 s while it started", log, async (clock, _) =>
        {
            // It says so when it is asked to start, when its time runs already.
            await Eventually.TrueAsync(() => log.Texts.Any(text => text.StartsWith("Own ", StringComparison.Ordinal)), cancellationToken: PluginLab.Token);
            clock.Advance(StartTime);
        });
    }

    [Fact]
    public async Task StartAsync_UnhealthyDriver_IsThereButUnhealthy()
    {
        await using var lab = new PluginLab();
        var status = await lab.StartMisbehavingAsync("unhealthy");
        Assert.Equal((PluginState.Unhealthy, "misbehaving: nothing works"), (status.State, status.Message));
        using var lease = await lab.Registry.RentAsync<IMetadataDriver>(new DriverId("misbehaving"), PluginLab.Token);
        Assert.False(lab.Registry.Drivers[0].Health.IsHealthy);
    }

    [Fact]
    public async Task StartAsync_DriverThatNeverTellsItsHealth_IsUnhealthy()
    {
        await using var lab = new PluginLab();
        var status = await lab.StartMisbehavingAsync("silent-watch", StartTime);
        Assert.Equal((PluginState.Unhealthy, "misbehaving: it did not tell its health within 5 s"), (status.State, status.Message));
    }

    [Fact]
    public async Task StartAsync_TwoPluginsWithOneDriverId_TheFirstByIdWins()
    {
        await using var lab = new PluginLab();
        lab.InstallMisbehaving("good", "a");
        lab.InstallMisbehaving("good", "b");
        await lab.StartAsync();
        Assert.Equal(PluginState.Ready, lab.Status("a").State);
        Assert.Equal(
            (PluginState.Failed, "plugin 'a' offers the metadata driver 'misbehaving' already; remove one of the two plugins"),
            (lab.Status("b").State, lab.Status("b").Message));
    }

    [Fact]
    public async Task StartAsync_WrongOptions_SaysFileLineColumnAndNearestKey()
    {
        await using var lab = new PluginLab();
        lab.Settings = lab.Settings with { Tables = PluginLab.Tables("[drivers.misbehaving]\nnumber = 11\nhelth = \"x\"\n") };
        var status = await lab.StartMisbehavingAsync("good");
        Assert.Equal(PluginState.Failed, status.State);
        Assert.Contains("host.toml:2:10: drivers.misbehaving.number", status.Message, StringComparison.Ordinal);
        Assert.Contains("host.toml:3:1: drivers.misbehaving.helth: unknown key; did you mean `health`?", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OptionsInHostToml_ReachThePlugin()
    {
        await using var lab = new PluginLab();
        lab.Settings = lab.Settings with { Tables = PluginLab.Tables("[drivers.misbehaving]\ndriver_id = \"renamed\"\n[drivers.nobody]\nx = 1\n") };
        _ = await lab.StartMisbehavingAsync("good");
        Assert.Equal("renamed", Assert.Single(lab.Registry.Drivers).Info.Id.Value);
        Assert.Equal(
            ["host.toml:3:1: drivers.nobody: there is no driver plugin 'nobody'; known: misbehaving"],
            lab.Host.UnclaimedTables.Select(error => error.ToString()));
    }

    [Fact]
    public async Task StartAsync_OwnOlderLibrary_IsNotTheHosts()
    {
        await using var lab = new PluginLab();
        lab.Install("TestPlugins.NeedsLibrary", "library", "TestPlugins.NeedsLibrary.dll");
        await lab.StartAsync();
        Assert.Equal("library 2", TestPlugins.Library.LibraryVersion.Text);
        Assert.Equal("library 1", Assert.Single(lab.Registry.Drivers).Info.Version);
    }

    [Fact]
    public async Task RentAsync_UnknownDriver_SaysWhichThereAre()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        var failure = await Assert.ThrowsAsync<DhcpHostException>(async () => await lab.Registry.RentAsync<IDhcpDriver>(new DriverId("kea"), PluginLab.Token));
        Assert.Equal((FailureKind.Transient, "there is no dhcp driver 'kea'; there are: sample"), (failure.Kind, failure.Message));
        failure = await Assert.ThrowsAsync<DhcpHostException>(
            async () => await lab.Registry.RentAsync<IMetadataDriver>(new DriverId("sample"), PluginLab.Token));
        Assert.Equal("there is no metadata driver 'sample'; no plugin offers a metadata driver", failure.Message);
    }

    /// <summary>Starts a plugin beside a good one, whose clock stands until that one works.</summary>
    private static async Task AssertFailsBesideSampleAsync(
        string behaviour, string message, ILoggerFactory loggers, Func<FakeTimeProvider, Task, Task> passTime)
    {
        var clock = new FakeTimeProvider();
        await using var lab = new PluginLab { TimeProvider = clock, LoggerFactory = loggers };
        lab.Settings = lab.Settings with { StartTime = () => StartTime };
        lab.InstallSample(1);
        lab.InstallMisbehaving(behaviour, "z");
        var start = lab.StartAsync();
        await lab.BecomesAsync("sample", plugin => plugin.State == PluginState.Ready, "ready");
        await passTime(clock, start);
        await start;
        Assert.Equal((PluginState.Failed, message), (lab.Status("z").State, lab.Status("z").Message));
        Assert.Equal(PluginState.Ready, lab.Status("sample").State);
    }
}
