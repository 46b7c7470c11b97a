using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Server;

namespace DhcpHost.Plugin.Kea.Tests.Conformance;

/// <summary>The Kea driver with real servers, in directories of its own.</summary>
public sealed class KeaSubject : LabDhcpDriverSubject
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-kea-").FullName;
    private KeaDriver _driver;

    public KeaSubject(Action<KeaOptions>? configure = null)
    {
        // Other accounts come through, as in the host's state directory.
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_001_001);

        // A loaded machine takes its time.
        Options = new()
        {
            RuntimeDirectory = Path.Combine(_directory, "run"),
            StartTimeout = TimeSpan.FromMinutes(2),
            CommandTimeout = TimeSpan.FromMinutes(2),
        };
        configure?.Invoke(Options);
        _driver = NewDriver();
    }

    public KeaOptions Options { get; }

    /// <summary>The directory of all servers.</summary>
    public string Root => Path.Combine(_directory, "servers");

    public override IDhcpDriver Driver => _driver;

    /// <summary>The processes of a network's server of one family.</summary>
    public IReadOnlyList<ProcessIdentity> ProcessesOf(ServerKey key, int ipVersion) =>
        ProcessIdentity.FindByMarker(PathsOf(key).Config(ipVersion == 4 ? KeaFamily.V4 : KeaFamily.V6));

    /// <summary>The directory of control sockets.</summary>
    public string RuntimeOf(ServerKey key) => PathsOf(key).Runtime;

    /// <summary>What a server reads.</summary>
    public string ConfigOf(ServerKey key, int ipVersion) => PathsOf(key).Config(ipVersion == 4 ? KeaFamily.V4 : KeaFamily.V6);

    public override void RestartHost()
    {
        _driver.Dispose();
        _driver = NewDriver();
    }

    public override Task KillServerAsync(ServerKey key, CancellationToken cancellationToken) =>
        Lab.KillAsync(ProcessesOf(key, 4).Concat(ProcessesOf(key, 6)), cancellationToken);

    /// <summary>A network's pair counts once; two of one family are two servers.</summary>
    public override int CountServers(ServerKey key) => Math.Max(ProcessesOf(key, 4).Count, ProcessesOf(key, 6).Count);

    public override async Task<(DriverHandle Handle, Func<bool> Lives)> ReplaceByForeignAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        await KillServerAsync(handle.Server, cancellationToken);
        var sleeper = await Lab.SpawnSleeperAsync(cancellationToken);
        var state = JsonNode.Parse(handle.State)!;
        state["dhcp4"]!["pid"] = sleeper.Identity.Pid;
        state["dhcp4"]!["start_time"] = sleeper.Identity.StartTime;
        return (handle with { State = state.ToJsonString() }, () => !sleeper.HasExited);
    }

    public override async ValueTask DisposeAsync()
    {
        await Lab.KillAsync(ProcessIdentity.FindByMarker(_directory), CancellationToken.None);
        _driver.Dispose();
        Directory.Delete(_directory, recursive: true);
        await base.DisposeAsync();
    }

    public string SocketOf(ServerKey key, int ipVersion) => PathsOf(key).Socket(ipVersion == 4 ? KeaFamily.V4 : KeaFamily.V6);

    private KeaPaths PathsOf(ServerKey key) => KeaPaths.Of(Root, Options.RuntimeDirectory, key);

    private KeaDriver NewDriver() => new(Options, Root, "1.0.0", TimeProvider.System);
}
