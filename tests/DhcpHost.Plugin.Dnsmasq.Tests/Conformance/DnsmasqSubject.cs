using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

/// <summary>The dnsmasq driver with real servers, in a directory of its own that servers may pass.</summary>
public sealed class DnsmasqSubject : LabDhcpDriverSubject
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-dnsmasq-").FullName;
    private DnsmasqDriver _driver;

    public DnsmasqSubject(Action<DnsmasqOptions>? configure = null)
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_001_001);
        configure?.Invoke(Options);
        _driver = NewDriver();
    }

    public DnsmasqOptions Options { get; } = new();

    /// <summary>The directory of all servers.</summary>
    public string Root => Path.Combine(_directory, "servers");

    public override IDhcpDriver Driver => _driver;

    /// <summary>The files of a server.</summary>
    public Plugin.Dnsmasq.Configuration.ServerPaths PathsOf(ServerKey key) => Plugin.Dnsmasq.Configuration.ServerPaths.Of(Root, key);

    /// <summary>The processes of a server.</summary>
    public IReadOnlyList<ProcessIdentity> ProcessesOf(ServerKey key) =>
        [.. ProcessIdentity.FindByMarker($"--pid-file={PathsOf(key).Pid}").Where(identity => CommandLines.TryRead(identity.Pid) is not null)];

    public override void RestartHost()
    {
        _driver.Dispose();
        _driver = NewDriver();
    }

    public override Task KillServerAsync(ServerKey key, CancellationToken cancellationToken) => Lab.KillAsync(ProcessesOf(key), cancellationToken);

    public override int CountServers(ServerKey key) => ProcessesOf(key).Count;

    public override async Task<(DriverHandle Handle, Func<bool> Lives)> ReplaceByForeignAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        await KillServerAsync(handle.Server, cancellationToken);
        var sleeper = await Lab.SpawnSleeperAsync(cancellationToken);
        var state = JsonNode.Parse(handle.State)!;
        state["identity"]!["pid"] = sleeper.Identity.Pid;
        state["identity"]!["start_time"] = sleeper.Identity.StartTime;
        await File.WriteAllTextAsync(PathsOf(handle.Server).Pid, $"{sleeper.Identity.Pid}\n", cancellationToken);
        return (handle with { State = state.ToJsonString() }, () => !sleeper.HasExited);
    }

    public override async ValueTask DisposeAsync()
    {
        await Lab.KillAsync(ProcessIdentity.FindByMarker(Root), CancellationToken.None);
        _driver.Dispose();
        Directory.Delete(_directory, recursive: true);
        await base.DisposeAsync();
    }

    private DnsmasqDriver NewDriver() => new(Options, Root, "1.0.0", TimeProvider.System, NullLogger.Instance);
}
