using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Hosting;
using DhcpHost.Testing;

namespace DhcpHost.Tests.Cli;

public sealed class CommandTests
{
    [Fact]
    public async Task Networks_InAPipe_AreColumnsUnderHeads()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("networks"));
        Assert.Equal(
            """
            NETWORK  PHASE     SINCE                 SUBNETS  PORTS  DRIVER   NAME     MESSAGE
            lab      ready     2026-03-04T11:57:00Z  1        12     dnsmasq  the_lab  -
            off      disabled  2026-03-02T12:00:00Z  0        0      -        -        -
            wing-b   retrying  2026-03-04T11:59:55Z  2        1      -        -        bridge br9 is not there: make it (attempt 3 2026-03-04T12:00:08Z)

            """,
            fixture.Output.ToString());
        Assert.Empty(fixture.Error.ToString());
    }

    [Fact]
    public async Task Networks_OnATerminal_AreDrawnWithTimesForPeople()
    {
        await using var fixture = await StartAsync();
        fixture.Environment = fixture.Environment with { IsTerminal = true };
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("networks", "--no-color"));
        var text = fixture.Output.ToString();
        Assert.Contains("│ lab     │ ready    │ 3 min ago │", text, StringComparison.Ordinal);
        Assert.Contains("(attempt 3 in 8 s)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_OnATerminal_HaveColoursUnlessTheyAreNotWanted()
    {
        await using var fixture = await StartAsync();
        fixture.Environment = fixture.Environment with { IsTerminal = true };
        _ = await fixture.RunAsync("networks");
        Assert.Contains("\u001b[32mready", fixture.Output.ToString(), StringComparison.Ordinal);
        fixture.Output.GetStringBuilder().Clear();
        fixture.Environment = fixture.Environment with { Variable = name => name == "NO_COLOR" ? "1" : null };
        _ = await fixture.RunAsync("networks");
        Assert.DoesNotContain("\u001b[32m", fixture.Output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    public async Task Networks_OnANarrowTerminal_KeepWhatMatters(int width)
    {
        await using var fixture = await StartAsync();
        fixture.Environment = fixture.Environment with { IsTerminal = true, Width = width };
        _ = await fixture.RunAsync("networks", "--no-color");
        var lines = fixture.Output.ToString().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.Contains(
            lines, line => line.StartsWith("│ wing-b  │ retrying │", StringComparison.Ordinal) && line.Contains("bridge br9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Networks_AsJson_AreThoseOfTheApi()
    {
        await using var fixture = await StartAsync();
        _ = await fixture.RunAsync("networks", "--json", "--phase", "retrying");
        var networks = JsonSerializer.Deserialize<NetworkStatus[]>(fixture.Output.ToString(), ModelJson.Options);
        Assert.Equal(fixture.Engine.Networks[2], Assert.Single(networks!));
    }

    [Fact]
    public async Task Status_InAPipe_TellsTheHostAndWhatIsInTrouble()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("status"));
        Assert.Equal(
            $"""
            host          DhcpHost 1.2.3, process {Environment.ProcessId}
            config        /etc/dhcphost/host.toml
            state         ready
            started       2026-03-04T09:50:00Z
            networks      3: 1 ready, 1 retrying, 1 disabled
            servers       2 (1 adopted at the start)
            workers       1 of 4 busy, 0 in the queue
            source files  3 files in networks

            NETWORK  PHASE     SINCE                 SUBNETS  PORTS  DRIVER  NAME  MESSAGE
            wing-b   retrying  2026-03-04T11:59:55Z  2        1      -       -     bridge br9 is not there: make it (attempt 3 2026-03-04T12:00:08Z)

            """,
            fixture.Output.ToString());
    }

    [Fact]
    public async Task Status_TellsOfPluginsAndScriptsThatAreNotAsTheyShouldBe()
    {
        await using var fixture = await StartAsync();
        fixture.Catalogs.Plugins = [
            new() { Id = new("kea"), Directory = "/p/kea", State = PluginState.Failed, Since = CliFixture.Now, Message = "it has no plugin.toml" }];
        fixture.Catalogs.Scripts = [new() { Name = "pool-size", IsCurrent = false, Problems = ["/s/pool-size.csx:2:9: put aside"] }];
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("status"));
        Assert.Contains("problem       plugin kea: it has no plugin.toml\n", fixture.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("problem       script pool-size: /s/pool-size.csx:2:9: put aside\n", fixture.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_OfSomebodyElseThanRoot_SaysThatItTakesRoot()
    {
        await using var fixture = await StartAsync();
        fixture.Environment = fixture.Environment with { IsPrivileged = false };
        Assert.Equal(ExitCodes.NoPermission, await fixture.RunAsync("plan"));
        Assert.Empty(fixture.Output.ToString());
    }

    [Fact]
    public async Task Status_OfANetwork_TellsItsParts()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("status", "wing-b"));
        Assert.Contains("message   bridge br9 is not there: make it (attempt 3", fixture.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("in sync   no, a newer revision waits", fixture.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Watched_WritesChangesUntilItIsInterrupted()
    {
        await using var fixture = await StartAsync();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = fixture.RunAsync(interrupt.Token, "status", "--watch", "lab");
        await Eventually.TrueAsync(() => fixture.Engine.Watchers == 1, cancellationToken: TestContext.Current.CancellationToken);
        fixture.Engine.Publish(fixture.Engine.Networks[0] with { Phase = NetworkPhase.Reconciling });
        await Eventually.TrueAsync(
            () => fixture.Output.ToString().Contains("reconciling", StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
        await interrupt.CancelAsync();
        Assert.Equal(ExitCodes.Success, await running);
        Assert.Equal(2, fixture.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Status_OfAnUnknownNetworkWatched_FailsAtOnce()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("status", "--watch", "nope"));
        Assert.Contains("There is no network 'nope'", fixture.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leases_InAPipe_CarryNoControlCharacterOfAClient()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("leases"));
        Assert.Equal(
            """
            NETWORK  ADDRESS    MAC                EXPIRES               HOSTNAME  CLIENT
            lab      10.0.0.17  fa:16:3e:00:00:01  2026-03-04T14:00:00Z  web1      01:fa:16:3e:00:00:01
            lab      10.0.0.18  fa:16:3e:00:00:02  never                 a?[2Jb    -

            """,
            fixture.Output.ToString());
    }

    [Fact]
    public async Task Leases_OfOneNetworkThatIsNotThere_SaysWhatToDo()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("leases", "gone"));
        Assert.Empty(fixture.Output.ToString());
        Assert.Equal(
            "dhcphost: There is no network 'gone': No source tells of it.\n          'dhcphost networks' lists those that are known.\n",
            fixture.Error.ToString());
    }

    [Fact]
    public async Task Events_AreShownTheNewestLast()
    {
        await using var fixture = await StartAsync();
        RecordEvents(fixture, 3);
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("events", "--count", "2"));
        Assert.Equal(
            """
            2026-03-04T12:00:00Z  warning  network.retrying      lab           event 2
            2026-03-04T12:00:00Z  warning  network.retrying      lab           event 3

            """,
            fixture.Output.ToString());
    }

    [Fact]
    public async Task Events_Followed_GoOnUntilTheHostStops()
    {
        await using var fixture = await StartAsync();
        RecordEvents(fixture, 1);
        var running = fixture.RunAsync("events", "--follow", "--json");
        await Eventually.TrueAsync(() => fixture.Events.Followers == 1, cancellationToken: TestContext.Current.CancellationToken);
        RecordEvents(fixture, 1);
        await Eventually.TrueAsync(() => fixture.Output.ToString().Count(c => c == '\n') == 2, cancellationToken: TestContext.Current.CancellationToken);
        await fixture.StopAsync();
        Assert.Equal(ExitCodes.Unavailable, await running);
        Assert.Contains("stopping", fixture.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugins_InAPipe()
    {
        await using var fixture = await StartAsync();
        fixture.Catalogs.Plugins =
        [
            new()
            {
                Id = new("dnsmasq"),
                Version = "0.1.0",
                Directory = "/p",
                State = PluginState.Ready,
                Since = CliFixture.Now,
                Offers = ["dhcp dnsmasq"],
                Message = "dnsmasq 2.90",
            },
            new() { Id = new("mine"), Directory = "/q", State = PluginState.Failed, Since = CliFixture.Now, Message = "mine.dll: no such file: build it" },
        ];
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("plugins"));
        Assert.Equal(
            """
            PLUGIN   VERSION  STATE   SINCE                 OFFERS        MESSAGE
            dnsmasq  0.1.0    ready   2026-03-04T12:00:00Z  dhcp:dnsmasq  dnsmasq 2.90
            mine     -        failed  2026-03-04T12:00:00Z  -             mine.dll: no such file: build it

            """,
            fixture.Output.ToString());
        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("plugins", "reload", "mine"));
        Assert.Equal([new PluginId("mine")], fixture.Catalogs.Reloaded);
    }

    [Fact]
    public async Task Scripts_InAPipe()
    {
        await using var fixture = await StartAsync();
        fixture.Catalogs.Scripts =
        [
            new() { Name = "pool-size", Path = "/s/pool-size.csx", Hash = "1f2e3d4c", IsCurrent = true, LoadedAt = CliFixture.Now, Calls = 40 },
            new() { Name = "retry-delay", IsCurrent = false, Problems = ["retry-delay.csx(3,1): error CS1002: ; expected"] },
        ];
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("scripts"));
        Assert.Equal(
            """
            SCRIPT       IN_FORCE  CURRENT  LOADED                CALLS  FAILURES  PROBLEM
            pool-size    1f2e3d4c  yes      2026-03-04T12:00:00Z  40     0         -
            retry-delay  built-in  no       -                     0      0         retry-delay.csx(3,1): error CS1002: ; expected

            """,
            fixture.Output.ToString());
    }

    [Fact]
    public async Task Jobs_InAPipe_AndRunByHand()
    {
        await using var fixture = await StartAsync();
        fixture.Catalogs.Jobs =
        [
            new()
            {
                Name = "sweep", Action = "built-in sweep", Schedule = "0 0 3 * * ?", NextRun = CliFixture.Now.AddHours(15),
                LastRun = CliFixture.Now.AddHours(-9),
                LastDuration = TimeSpan.FromSeconds(1.5), LastResult = "2 removed", Runs = 4,
            },
            new() { Name = "nightly", Action = "script nightly.csx", LastFailed = true, LastResult = "threw", FailedRuns = 1 },
        ];
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("jobs"));
        Assert.Equal(
            """
            JOB      SCHEDULE     NEXT                  LAST                  TOOK  RUNS  FAILED  RESULT
            sweep    0_0_3_*_*_?  2026-03-05T03:00:00Z  2026-03-04T03:00:00Z  1.5s  4     0       2 removed
            nightly  disabled     -                     -                     -     0     1       threw

            """,
            fixture.Output.ToString());
        fixture.Output.GetStringBuilder().Clear();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("jobs", "run", "sweep"));
        Assert.Equal("done sweep in 1.5 s: 2 removed\n", fixture.Output.ToString());
        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("jobs", "run", "nightly"));
        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("jobs", "run", "no such?job"));
        Assert.Contains("There is no job 'no such?job'", fixture.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_InAPipe()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("limits"));
        var lines = fixture.Output.ToString().Split('\n');
        Assert.Matches("^LIMIT +VALUE +IN_USE$", lines[0]);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^workers_max +16 +4$"));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^retry_delay_max +300s +-$"));
    }

    [Fact]
    public async Task Resync_AndRelease_SayWhatCameOfIt()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("resync", "lab"));
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("resync", "--reason", "switch replaced"));
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("release", "lab", "10.0.0.17"));
        Assert.Equal("network lab is first in the queue\n3 networks are queued\nthe lease of 10.0.0.17 on network lab is ended\n", fixture.Output.ToString());
        Assert.Equal(["switch replaced"], fixture.Engine.Reasons);
        fixture.Engine.Answer = new(false, "limits.resyncs_per_minute: again at noon");
        Assert.Equal(ExitCodes.Temporary, await fixture.RunAsync("resync"));
        Assert.Contains("again at noon", fixture.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_IsADiffAndTellsByItsExitCodeWhetherSomethingWouldChange()
    {
        await using var fixture = new CliFixture();
        fixture.Environment = fixture.Environment with
        {
            Plan = (_, _, _) => Task.FromResult(new PlanReport(
                [
                    CliFixture.PreviewOf(
                        "lab",
                        ApplyAction.Reloaded,
                        new PreviewedChange("/run/x/hosts", "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\ne\nF\n"),
                        new PreviewedChange("address 10.0.0.2/24", null, "10.0.0.2/24")),
                    CliFixture.PreviewOf("same", ApplyAction.Unchanged),
                ],
                [],
                ExitCodes.Success)),
        };
        Assert.Equal(3, await fixture.RunAsync("plan", "--exit-code"));
        Assert.Equal(
            """
            network lab
              reload dnsmasq lab  (a reservation was added)
                ~ /run/x/hosts
                  …
                    d
                    e
                  - f
                  + F
                + address 10.0.0.2/24
                  + 10.0.0.2/24
            1 of 2 networks would change.

            """,
            fixture.Output.ToString());
    }

    [Fact]
    public async Task Check_WritesEachProblemOnALineAndCountsThemAside()
    {
        await using var fixture = new CliFixture();
        fixture.Environment = fixture.Environment with
        {
            Check = (path, _) =>
                Task.FromResult(new CheckReport { Problems = [$"{path}:3:1: limts: no such table: did you mean 'limits'?"], ExitCode = ExitCodes.Config }),
        };
        Assert.Equal(ExitCodes.Config, await fixture.RunAsync("check", "--config", "/x/host.toml"));
        Assert.Equal("/x/host.toml:3:1: limts: no such table: did you mean 'limits'?\n", fixture.Output.ToString());
        Assert.Equal("dhcphost: /x/host.toml: 1 problem\n", fixture.Error.ToString());
    }

    private static async Task<CliFixture> StartAsync()
    {
        var fixture = new CliFixture();
        await fixture.StartAsync();
        return fixture;
    }

    private static void RecordEvents(CliFixture fixture, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            fixture.Events.Record(
                new() { Time = CliFixture.Now, Severity = EventSeverity.Warning, Kind = "network.retrying", NetworkId = new("lab"), Message = $"event {i}" });
        }
    }
}
