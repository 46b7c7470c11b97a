using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DhcpHost.Cli;
using DhcpHost.Hosting;
using DhcpHost.Http.Metrics;

namespace DhcpHost.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_WhoseHostDoesNotStart_FailsAndLeavesNothing()
    {
        await using var fixture = new CliFixture();
        fixture.Environment = fixture.Environment with { Run = (_, _) => Task.FromResult(ExitCodes.Config), TimeProvider = TimeProvider.System };
        Assert.Equal(ExitCodes.Failure, await RunAsync(fixture, TestContext.Current.CancellationToken));
        Assert.Contains("the host ended at its start with code 78", fixture.Error.ToString(), StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Demo_ThatIsInterrupted_StopsTheHostAndLeavesNothing()
    {
        await using var fixture = new CliFixture();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var isStopped = false;
        fixture.Environment = fixture.Environment with
        {
            TimeProvider = TimeProvider.System,
            Run = async (settings, token) =>
            {
                Assert.True(settings.StopServers);
                Assert.True(File.Exists(settings.ConfigPath));
                await interrupt.CancelAsync();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, token);
                }
                finally
                {
                    isStopped = true;
                }

                return ExitCodes.Success;
            },
        };
        Assert.Equal(ExitCodes.Interrupted, await RunAsync(fixture, interrupt.Token));
        Assert.True(isStopped);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Demo_WithTheRealHost_GetsALeaseOnBothNetworksAndLeavesNothing()
    {
        var instruments = new ConcurrentDictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("DhcpHost", StringComparison.Ordinal))
                {
                    instruments[MetricName.Of(instrument)] = instrument;
                }
            },
        };
        listener.Start();
        await using var fixture = new CliFixture();
        fixture.Environment = fixture.Environment with { Run = HostRunner.RunAsync, TimeProvider = TimeProvider.System };
        var code = await new CommandLine(fixture.Environment).InvokeAsync(["demo", "-c", "/dev/null"], TestContext.Current.CancellationToken);
        Assert.True(code == ExitCodes.Success, $"{fixture.Output}{fixture.Error}");
        Assert.Matches(@"demo-a  192\.168\.77\.1\d\d from 192\.168\.77\.\d+, router 192\.168\.77\.1, for 1 d", fixture.Output.ToString());
        Assert.Matches(@"demo-b  192\.168\.77\.1\d\d from", fixture.Output.ToString());
        AssertNothingIsLeft();
        AssertDocumented(instruments);
    }

    // A whole host ran: all its meters were made. The table in docs/api.md says the same of each, and names no other.
    private static void AssertDocumented(IReadOnlyDictionary<string, Instrument> instruments)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "DhcpHost.sln")))
        {
            directory = directory.Parent;
        }

        var expected = string.Join('\n', instruments.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Select(item => $"| `{item.Key}` | {MetricFamily.KindOf(item.Value).ToString().ToLowerInvariant()} | {item.Value.Description} |"));
        var text = File.ReadAllText(Path.Combine(directory.FullName, "docs", "api.md"));
        var documented = string.Join(
            '\n', text[text.IndexOf("## Metrics", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
        Assert.True(expected == documented, $"docs/api.md should have these rows:\n{expected}");
    }

    private static async Task<int> RunAsync(CliFixture fixture, CancellationToken cancellationToken)
    {
        var config = Path.Combine(Path.GetDirectoryName(fixture.Socket)!, "host.toml");
        await File.WriteAllTextAsync(config, "[plugins]\ndirectories = [\".\"]\n", TestContext.Current.CancellationToken);
        return await new CommandLine(fixture.Environment).InvokeAsync(["demo", "-c", config], cancellationToken);
    }

    private static void AssertNothingIsLeft()
    {
        var prefix = $"dd{Environment.ProcessId:x}-";
        Assert.DoesNotContain(Directory.GetFileSystemEntries("/sys/class/net"), link => Path.GetFileName(link).StartsWith(prefix, StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetFiles("/run/netns"), file => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal));
        Assert.False(Directory.Exists($"/run/dhcphost-demo-{Environment.ProcessId}"));
    }
}
