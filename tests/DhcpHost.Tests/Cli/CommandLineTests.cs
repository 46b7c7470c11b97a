using System.CommandLine;
using System.Net.Sockets;
using DhcpHost.Cli;
using DhcpHost.Cli.Client;
using DhcpHost.Hosting;
using DhcpHost.Testing;

namespace DhcpHost.Tests.Cli;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands => [.. PathsOf(new CommandLine(new()).Root, "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEachCommand_HasAnExampleThatParses(string path)
    {
        await using var fixture = new CliFixture();
        var words = path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync([.. words, "--help"]));
        var help = fixture.Output.ToString();
        Assert.Contains("--config", help, StringComparison.Ordinal);
        var examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..]
            .Split('\n')
            .Skip(1)
            .Where(line => line.Contains("dhcphost ", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var line = example.Trim()
                .Split("  ")[0]
                .Split(" | ")[0]
                .Split(" && ")[0]
                .Split(" || ")[0]
                .Replace(">/dev/null", "", StringComparison.Ordinal)
                .Replace("sudo ", "", StringComparison.Ordinal)["dhcphost ".Length..];
            Assert.Empty(new CommandLine(fixture.Environment).Root.Parse(line.Replace('\'', '"')).Errors);
        }
    }

    [Fact]
    public async Task Help_OfAll_ListsTheExitCodes()
    {
        await using var fixture = new CliFixture();
        Assert.Equal(ExitCodes.Success, await fixture.RunAsync("--help"));
        var help = fixture.Output.ToString();
        foreach (var code in typeof(ExitCodes).GetFields().Select(field => (int)field.GetValue(null)!).Where(code => code != ExitCodes.Forced))
        {
            Assert.Matches($@"(?m)\b{code}  \w", help);
        }
    }

    [Theory]
    [InlineData("netwroks", "did you mean 'networks'?")]
    [InlineData("statsu", "did you mean 'status'?")]
    [InlineData("plugins relaod x", "did you mean 'reload'?")]
    [InlineData("events --folow", "did you mean '--follow'?")]
    [InlineData("status --wacth", "did you mean '--watch'?")]
    [InlineData("frobnicate", "is no command of 'dhcphost'")]
    [InlineData("status -x", "is no option of 'dhcphost status'")]
    [InlineData("status a b", "'b' is no argument of 'dhcphost status'")]
    [InlineData("status ../etc", "is not a network id")]
    [InlineData("events --count 99999", "is not a number from 0 to 10000")]
    [InlineData("release lab", "Required argument 'ADDRESS' missing")]
    [InlineData("release lab ", "'' is no IP address")]
    [InlineData("release lab ten", "'ten' is no IP address")]
    [InlineData("jobs run ", "'' is no name of a job: 'dhcphost jobs' lists them")]
    public async Task Usage_ThatIsWrong_SaysWhatWasMeant(string line, string expected)
    {
        await using var fixture = new CliFixture();
        Assert.Equal(ExitCodes.Usage, await fixture.RunAsync(line.Split(' ')));
        Assert.Contains(expected, fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help' says how it is used", fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(fixture.Output.ToString());
    }

    [Fact]
    public async Task NoCommand_ShowsTheHelpOnTheDiagnostics()
    {
        await using var fixture = new CliFixture();
        Assert.Equal(ExitCodes.Usage, await new CommandLine(fixture.Environment).InvokeAsync([], TestContext.Current.CancellationToken));
        Assert.Contains("Usage:", fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(fixture.Output.ToString());
    }

    [Theory]
    [InlineData("status")]
    [InlineData("networks")]
    [InlineData("leases")]
    [InlineData("events --follow")]
    [InlineData("plugins")]
    [InlineData("scripts")]
    [InlineData("jobs run x")]
    [InlineData("limits")]
    [InlineData("resync")]
    [InlineData("release lab 10.0.0.1")]
    public async Task Command_WithoutAHost_SaysHowToStartIt(string line)
    {
        await using var fixture = new CliFixture();
        Assert.Equal(ExitCodes.Unavailable, await fixture.RunAsync(line.Split(' ')));
        Assert.Equal(
            $"dhcphost: {fixture.Socket}: no host is running\n          start it with 'systemctl start dhcphost' or 'dhcphost run'; where "
                + $"it has another socket, name it with --socket or --config\n",
            fixture.Error.ToString());
        Assert.Empty(fixture.Output.ToString());
    }

    [Fact]
    public async Task Command_AfterTheHostDied_FindsItsSocketRefusing()
    {
        await using var fixture = new CliFixture();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(fixture.Socket));
        Assert.Equal(ExitCodes.Unavailable, await fixture.RunAsync("status"));
        Assert.Contains("no host is running", fixture.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Socket_ThatIsForbidden_SaysHowToBeAllowed()
    {
        var failure = ManagementClient.Unreachable("/run/x.sock", new HttpRequestException("no", new SocketException((int)SocketError.AccessDenied)));
        Assert.Equal(ExitCodes.NoPermission, failure.ExitCode);
        Assert.Contains("management.socket_group", failure.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_OfHostToml_IsUsedWhereNoneIsNamed()
    {
        await using var fixture = new CliFixture();
        await fixture.StartAsync();
        var config = Path.Combine(Path.GetDirectoryName(fixture.Socket)!, "host.toml");
        await File.WriteAllTextAsync(config, $"[management]\nsocket = \"{fixture.Socket}\"\n", TestContext.Current.CancellationToken);
        Assert.Equal(
            (ExitCodes.Success, ""), (await new CommandLine(fixture.Environment).InvokeAsync(
                ["status", "-c", config], TestContext.Current.CancellationToken), fixture.Error.ToString()));
        Assert.Equal(
            ExitCodes.Config, await new CommandLine(fixture.Environment).InvokeAsync(["status", "-c", config + ".not"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Socket_OfTheRuntimeDirectory_IsUsedWhereHostTomlNamesNone()
    {
        await using var fixture = new CliFixture();
        await fixture.StartAsync();
        var directory = Path.GetDirectoryName(fixture.Socket)!;
        _ = Directory.CreateDirectory(Path.Combine(directory, "run"));
        _ = File.CreateSymbolicLink(Path.Combine(directory, "run", "dhcphost.sock"), fixture.Socket);
        var config = Path.Combine(directory, "host.toml");
        await File.WriteAllTextAsync(config, "[host]\nruntime_directory = \"run\"\n", TestContext.Current.CancellationToken);
        var exitCode = await new CommandLine(fixture.Environment).InvokeAsync(["status", "-c", config], TestContext.Current.CancellationToken);
        Assert.Equal((ExitCodes.Success, ""), (exitCode, fixture.Error.ToString()));
    }

    [Fact]
    public async Task Run_GivesTheDaemonItsSettingsAndItsExitCodeBack()
    {
        await using var fixture = new CliFixture();
        RunSettings? seen = null;
        fixture.Environment = fixture.Environment with
        {
            Run = (settings, _) =>
            {
                seen = settings;
                return Task.FromResult(ExitCodes.Temporary);
            },
        };
        Assert.Equal(ExitCodes.Temporary, await fixture.RunAsync("run", "--stop-servers", "-c", "/x/host.toml"));
        Assert.Equal(("/x/host.toml", true), (seen!.ConfigPath, seen.StopServers));
    }

    [Fact]
    public async Task Run_OnATerminal_ShowsTheFirstSyncUntilItIsThrough()
    {
        await using var fixture = new CliFixture();
        await fixture.StartAsync();
        fixture.Engine.Status = fixture.Engine.Status with { IsSynced = false, SyncDone = 30, SyncTotal = 120 };
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var error = TextWriter.Synchronized(fixture.Error);
        fixture.Environment = fixture.Environment with { IsErrorTerminal = true, Error = error, TimeProvider = TimeProvider.System, Run = (_, _) => end.Task };
        var running = fixture.RunAsync("run", "-c", "/x/host.toml");
        await Eventually.TrueAsync(
            () => Text().Contains("first sync: 30 of 120 networks", StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
        await Console.Error.WriteLineAsync("a line of the log");
        await Eventually.TrueAsync(
            () => Text().Contains("a line of the log\n", StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
        fixture.Engine.Status = fixture.Engine.Status with { IsSynced = true };
        await Eventually.TrueAsync(() => Console.Error is not DhcpHost.Cli.Terminal.LinesAbove, cancellationToken: TestContext.Current.CancellationToken);
        end.SetResult(0);
        Assert.Equal(0, await running);

        string Text()
        {
            lock (error)
            {
                return fixture.Error.ToString();
            }
        }
    }

    private static IEnumerable<string> PathsOf(Command command, string path) =>
        command.Subcommands.SelectMany(subcommand => PathsOf(subcommand, $"{path} {subcommand.Name}").Prepend($"{path} {subcommand.Name}".Trim()));
}
