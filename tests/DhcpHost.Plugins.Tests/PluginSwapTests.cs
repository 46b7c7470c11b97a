using System.Diagnostics.Metrics;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Testing;

namespace DhcpHost.Plugins.Tests;

/// <summary>Versions that replace each other while they are used.</summary>
public sealed class PluginSwapTests
{
    private static readonly DriverId Misbehaving = new("misbehaving");
    private static readonly DriverHandle Handle = new(Misbehaving, new(new NetworkId("n1")), 1, "{}");

    [Fact]
    public async Task Rescan_NewVersion_IsSwappedInAndTheOldOneUnloaded()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        var takenOver = new List<(string Version, int OldRuns)>();
        lab.Registry.OnTakeover((driver, _) =>
        {
            takenOver.Add((driver.Info.Version, lab.Registry.Drivers.Count(known => known.Info.Version == "1.0.0")));
            return Task.CompletedTask;
        });
        lab.InstallSample(2);
        await lab.Host.RescanAsync(PluginLab.Token);
        var status = lab.Status("sample");
        Assert.Equal((PluginState.Ready, "2.0.0", 1), (status.State, status.Version, status.Swaps));
        Assert.Equal("2.0.0", Assert.Single(lab.Registry.Drivers).Info.Version);
        Assert.Equal([("2.0.0", 1)], takenOver);
        Assert.Single(await lab.EventsAsync("plugin.swapped"));
        await foreach (var notice in lab.Registry.WatchAsync(PluginLab.Token))
        {
            if (notice is { Driver.Info.Version: "2.0.0", Event: DriverEvent.HealthChanged { Health.IsHealthy: true } })
            {
                break;
            }
        }

        Assert.Equal(0, lab.Status("sample").LeakedContexts);
        Assert.Single(lab.Copies);
    }

    [Fact]
    public async Task Rescan_SameContent_IsNoSwap()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        lab.InstallSample(1);
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal(0, lab.Status("sample").Swaps);
    }

    [Fact]
    public async Task ReloadAsync_SameContent_IsSwappedAllTheSame()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        await lab.StartAsync();
        Assert.True(await lab.Host.ReloadAsync(new("sample"), PluginLab.Token));
        Assert.Equal(1, lab.Status("sample").Swaps);
        Assert.False(await lab.Host.ReloadAsync(new("nobody"), PluginLab.Token));
    }

    [Theory]
    [InlineData("throw-in-constructor", "the constructor did it")]
    [InlineData("throw-in-start", "the start did it")]
    [InlineData("unhealthy", "is unhealthy: nothing works")]
    [InlineData("silent-watch", "is unhealthy: it did not tell its health within 5 s")]
    [InlineData("failing-watch", "is unhealthy: its watch failed: OwnException: the watch did it")]
    [InlineData("block-in-constructor", "it took longer than 5 s while it started and hangs")]
    public async Task Rescan_WorseVersion_KeepsTheOldOneAndSaysWhy(string behaviour, string reason)
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("good", TimeSpan.FromSeconds(5));
        lab.Write("misbehaving", "behaviour.txt", behaviour);
        await lab.Host.RescanAsync(PluginLab.Token);
        var status = lab.Status("misbehaving");
        Assert.Equal(PluginState.Ready, status.State);
        Assert.StartsWith("version 1.0.0 runs on; what is in the folder now was refused: ", status.Message, StringComparison.Ordinal);
        Assert.Contains(reason, status.Message, StringComparison.Ordinal);
        Assert.Equal("good", await CallAsync(lab));
        Assert.Single(await lab.EventsAsync("plugin.failed"));

        lab.Write("misbehaving", "behaviour.txt", "tells-exits");
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal("tells-exits", await CallAsync(lab));
        Assert.DoesNotContain("refused", lab.Status("misbehaving").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescan_AfterTheTimeToStartWasChanged_HasTheNewOne()
    {
        await using var lab = new PluginLab();
        var time = TimeSpan.FromMinutes(5);
        lab.Settings = lab.Settings with { StartTime = () => time };
        _ = await lab.StartMisbehavingAsync("good");

        time = TimeSpan.FromSeconds(1);
        lab.Write("misbehaving", "behaviour.txt", "silent-watch");
        await lab.Host.RescanAsync(PluginLab.Token);

        Assert.Contains("it did not tell its health within 1 s", lab.Status("misbehaving").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescan_UnhealthyAfterUnhealthy_IsSwapped()
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("unhealthy");
        lab.Write("misbehaving", "another.txt", "changes the content");
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal((1, PluginState.Unhealthy), (lab.Status("misbehaving").Swaps, lab.Status("misbehaving").State));
    }

    [Fact]
    public async Task Rescan_TakeoverFails_KeepsTheOldVersionRentable()
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("good");
        lab.Registry.OnTakeover((_, _) => throw new InvalidOperationException("the engine cannot"));
        lab.Write("misbehaving", "another.txt", "changes the content");
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Contains(
            "handing what runs to the new metadata driver 'misbehaving' failed: the engine cannot",
            lab.Status("misbehaving").Message,
            StringComparison.Ordinal);
        Assert.Equal(0, lab.Status("misbehaving").Swaps);
        Assert.Equal("good", await CallAsync(lab));

        // It was no fault of the files: the next look tries again though they did not change.
        lab.Registry.OnTakeover((_, _) => Task.CompletedTask);
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal(1, lab.Status("misbehaving").Swaps);
    }

    [Fact]
    public async Task Rescan_WhileTheOldVersionIsRented_WaitsForItsReturn()
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("good");
        var old = await lab.Registry.RentAsync<IMetadataDriver>(Misbehaving, PluginLab.Token);
        lab.Write("misbehaving", "behaviour.txt", "tells-exits");
        var swap = lab.Host.RescanAsync(PluginLab.Token);

        // The next one waits as soon as the swap has closed the door; until then it gets the old version.
        var next = lab.Registry.RentAsync<IMetadataDriver>(Misbehaving, PluginLab.Token).AsTask();
        while (next.IsCompleted)
        {
            (await next).Dispose();
            await Task.Yield();
            next = lab.Registry.RentAsync<IMetadataDriver>(Misbehaving, PluginLab.Token).AsTask();
        }

        Assert.False(swap.IsCompleted);
        Assert.Equal("good", (await old.Driver.InspectAsync(Handle, PluginLab.Token)).Reason);
        old.Dispose();
        Assert.Throws<ObjectDisposedException>(() => old.Driver);
        using var rented = await next;
        Assert.Equal("tells-exits", (await rented.Driver.InspectAsync(Handle, PluginLab.Token)).Reason);
        await swap;
    }

    [Fact]
    public async Task Rescan_RentThatIsNeverReturned_PutsTheSwapOff()
    {
        await using var lab = new PluginLab();
        lab.Settings = lab.Settings with { Options = new() { Watch = false, DrainTime = TimeSpan.FromMilliseconds(200) } };
        _ = await lab.StartMisbehavingAsync("good");
        using (await lab.Registry.RentAsync<IMetadataDriver>(Misbehaving, PluginLab.Token))
        {
            lab.Write("misbehaving", "another.txt", "changes the content");
            await lab.Host.RescanAsync(PluginLab.Token);
            Assert.Contains(
                "1 calls into the old version still run after 0.2 s; it is tried again later", lab.Status("misbehaving").Message, StringComparison.Ordinal);
            Assert.Equal("good", await CallAsync(lab));
        }

        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal(1, lab.Status("misbehaving").Swaps);
    }

    [Fact]
    public async Task Swap_WhileEightCallersRentAndCall_FailsNoCallAndNeverCallsAnEndedVersion()
    {
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("good");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(PluginLab.Token);
        var calls = new int[8];
        var callers = Enumerable.Range(0, calls.Length).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.NotNull(await CallAsync(lab));
                calls[caller]++;
            }
        })).ToList();
        for (var i = 1; i <= 10; i++)
        {
            lab.Write("misbehaving", "another.txt", $"content {i}");
            await lab.Host.RescanAsync(PluginLab.Token);
            Assert.Equal(i, lab.Status("misbehaving").Swaps);
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.All(calls, count => Assert.True(count > 10));
    }

    [Fact]
    public async Task Swap_VersionThatLeavesATimer_IsCountedAsLeaked()
    {
        long measured = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "dhcphost_plugin_contexts_leaked")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => measured = Math.Max(measured, value));
        listener.Start();
        await using var lab = new PluginLab();
        _ = await lab.StartMisbehavingAsync("leak-timer");
        lab.Write("misbehaving", "behaviour.txt", "good");
        await lab.Host.RescanAsync(PluginLab.Token);
        await Eventually.TrueAsync(() => lab.Status("misbehaving").LeakedContexts == 1, TimeSpan.FromSeconds(40), PluginLab.Token);
        await Eventually.TrueAsync(async () => (await lab.EventsAsync("plugin.leaked")).Count == 1, cancellationToken: PluginLab.Token);
        Assert.Equal(PluginState.Ready, lab.Status("misbehaving").State);
        await Eventually.TrueAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                return measured == 1;
            },
            cancellationToken: PluginLab.Token);
    }

    [Fact]
    public async Task Reconfigure_ChangedTable_SwapsThatPluginAlone()
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        _ = await lab.StartMisbehavingAsync("good");
        await lab.Host.ReconfigureAsync(PluginLab.Tables("[drivers.misbehaving]\nnumber = 2\n"), PluginLab.Token);
        Assert.Equal((1, 0), (lab.Status("misbehaving").Swaps, lab.Status("sample").Swaps));
        await lab.Host.ReconfigureAsync(PluginLab.Tables("# moved\n\n[drivers.misbehaving]\nnumber = 2 # same\n"), PluginLab.Token);
        Assert.Equal(1, lab.Status("misbehaving").Swaps);
        var wrong = PluginLab.Tables("[drivers.misbehaving]\nnumber = 99\n[drivers.nobody]\n[sources.sample]\n");
        Assert.Collection(
            await lab.Host.FindProblemsAsync(wrong, PluginLab.Token),
            problem => Assert.Contains("there is no driver plugin 'nobody'; known: misbehaving, sample", problem, StringComparison.Ordinal),
            problem => Assert.Contains("there is no source plugin 'sample'", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("host.toml:2:10: drivers.misbehaving.number", problem, StringComparison.Ordinal));
        Assert.Empty(await lab.Host.FindProblemsAsync(PluginLab.Tables("[drivers.misbehaving]\nnumber = 3\n"), PluginLab.Token));
        await lab.Host.ReconfigureAsync(PluginLab.Tables("[drivers.misbehaving]\nnumber = 99\n"), PluginLab.Token);
        Assert.Equal((1, PluginState.Ready), (lab.Status("misbehaving").Swaps, lab.Status("misbehaving").State));
        Assert.StartsWith(
            "version 1.0.0 runs on; the options in host.toml now were refused: host.toml:2:10: drivers.misbehaving.number",
            lab.Status("misbehaving").Message, StringComparison.Ordinal);
        Assert.Contains("drivers.misbehaving.number", lab.Status("misbehaving").Refused, StringComparison.Ordinal);
        await lab.Host.ReconfigureAsync(PluginLab.Tables("[drivers.misbehaving]\nnumber = 2\n"), PluginLab.Token);
        Assert.Null(lab.Status("misbehaving").Refused);
    }

    [Theory]
    [InlineData("thread-throws", "OwnException: the thread did it")]
    [InlineData("async-void-throws", "OwnException: the async void did it")]
    [InlineData("framework-throws", "ArgumentNullException: Value cannot be null")]
    public async Task UnhandledException_OnThePluginsOwnThread_DisablesThatPluginAlone(string behaviour, string reason)
    {
        await using var lab = new PluginLab();
        lab.InstallSample(1);
        _ = await lab.StartMisbehavingAsync(behaviour);
        _ = await CallAsync(lab);
        await lab.BecomesAsync("misbehaving", plugin => plugin.State == PluginState.Failed, "disabled");
        Assert.Contains("an exception escaped on a thread of its own: ", lab.Status("misbehaving").Message, StringComparison.Ordinal);
        Assert.Contains(reason, lab.Status("misbehaving").Message, StringComparison.Ordinal);
        Assert.Equal("sample", Assert.Single(lab.Registry.Drivers).Info.Id.Value);
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => CallAsync(lab));
        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("plugin 'misbehaving' failed: an exception escaped", failure.Message, StringComparison.Ordinal);

        lab.Write("misbehaving", "behaviour.txt", "good");
        await lab.Host.RescanAsync(PluginLab.Token);
        Assert.Equal("good", await CallAsync(lab));
    }

    private static async Task<string?> CallAsync(PluginLab lab)
    {
        using var lease = await lab.Registry.RentAsync<IMetadataDriver>(Misbehaving, PluginLab.Token);
        return (await lease.Driver.InspectAsync(Handle, PluginLab.Token)).Reason;
    }
}
