using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Limits;
using DhcpHost.Http;
using DhcpHost.Testing.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Tests.Cli;

/// <summary>A command line with a running host of fakes behind it.</summary>
internal sealed class CliFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-cli-");
    private readonly ManagementServer _server;

    public CliFixture()
    {
        Engine.Status = new()
        {
            StartedAt = Now.AddMinutes(-130),
            IsSynced = true,
            Networks = 3,
            SyncDone = 3,
            SyncTotal = 3,
            Phases = new Dictionary<string, int> { ["ready"] = 1, ["retrying"] = 1, ["disabled"] = 1 },
            Workers = 4,
            BusyWorkers = 1,
            Servers = 2,
            AdoptedServers = 1,
            Sources = new Dictionary<PluginId, SourceHealth> { [new("files")] = new() { IsHealthy = true, Message = "3 files in networks" } },
        };
        Engine.Networks =
        [
            new()
            {
                Id = new("lab"), Name = "the lab", Source = new("files"), Phase = NetworkPhase.Ready, Since = Now.AddMinutes(-3), Subnets = 1, Ports = 12,
                IsInSync = true,
                Drivers = new DriverSelection { Interface = new("bridge"), Dhcp = new("dnsmasq") },
            },
            new() { Id = new("off"), Source = new("files"), Phase = NetworkPhase.Disabled, Since = Now.AddDays(-2), IsInSync = true },
            new()
            {
                Id = new("wing-b"), Source = new("files"), Phase = NetworkPhase.Retrying, Since = Now.AddSeconds(-5), Subnets = 2, Ports = 1,
                Message = "bridge br9 is not there: make it", Failure = FailureKind.Transient, FailedAttempts = 2, RetryAt = Now.AddSeconds(8),
            },
        ];
        Engine.Leases[new("lab")] =
        [
            new()
            {
                Address = IPAddress.Parse("10.0.0.17"),
                MacAddress = MacAddress.Parse("fa:16:3e:00:00:01"),
                Hostname = "web1",
                ExpiresAt = Now.AddHours(2),
                ClientId = "01:fa:16:3e:00:00:01",
            },
            new() { Address = IPAddress.Parse("10.0.0.18"), MacAddress = MacAddress.Parse("fa:16:3e:00:00:02"), Hostname = "a\u001b[2Jb" },
        ];
        Engine.Leases[new("wing-b")] = [];
        _server = new(
            new() { Socket = Socket },
            new()
            {
                Engine = Engine,
                Events = Events,
                Plugins = Catalogs,
                Scripts = Catalogs,
                Jobs = Catalogs,
                Limits = () => new LimitsOptions(),
                Version = "1.2.3",
                ConfigPath = "/etc/dhcphost/host.toml",
            },
            NullLoggerFactory.Instance,
            Time);
        Environment = new()
        {
            Output = Output,
            Error = Error,
            IsTerminal = false,
            IsErrorTerminal = false,
            IsPrivileged = true,
            Width = 200,
            TimeProvider = Time,
            Variable = _ => null,
            WatchReader = gone =>
            {
                ReaderGone = gone;
                return null;
            },
            Run = (settings, _) => Task.FromResult(settings.StopServers ? 1 : 0),
        };
    }

    public string Socket => Path.Combine(_directory.FullName, "api.sock");

    public FakeTimeProvider Time { get; } = new(Now);

    public FakeEngine Engine { get; } = new();

    public FakeEventLog Events { get; } = new();

    public FakeCatalogs Catalogs { get; } = new();

    public StringWriter Output { get; } = new();

    public StringWriter Error { get; } = new();

    public CliEnvironment Environment { get; set; }

    /// <summary>Says to a command that nobody reads its output any more.</summary>
    public Action? ReaderGone { get; private set; }

    public static NetworkPreview PreviewOf(string id, ApplyAction action, params PreviewedChange[] changes) => new()
    {
        Id = new(id),
        Steps = [new(new("dnsmasq"), new(new(id)), new() { Action = action, Reasons = ["a reservation was added"], Changes = [.. changes] })],
    };

    public Task StartAsync() => _server.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _server.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Runs a command against the host of fakes.</summary>
    public Task<int> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] args) =>
        new CommandLine(Environment).InvokeAsync(["--socket", Socket, .. args], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
