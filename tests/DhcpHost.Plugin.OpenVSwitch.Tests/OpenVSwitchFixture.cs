using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.OpenVSwitch.Tests;

/// <summary>
/// An Open vSwitch of the tests' own with the datapath in user space, which needs no kernel module. A machine has room for one at a time: its links have
/// names that cannot be chosen.
/// </summary>
public sealed class OpenVSwitchFixture : IAsyncLifetime
{
    private const string LockFile = "/run/dhcphost-test-openvswitch.lock";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly LinuxLab _lab = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-ovs").FullName;
    private FileLock? _lock;
    private ServerProcess? _database;
    private ServerProcess? _switch;

    /// <summary>Where its database listens, as the driver's option has it.</summary>
    public string Endpoint => $"unix:{Socket}";

    private string Socket => Path.Combine(_directory, "db.sock");

    private string DatabaseFile => Path.Combine(_directory, "conf.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!LinuxLab.IsRoot)
        {
            return;
        }

        await Eventually.TrueAsync(() => (_lock = FileLock.TryAcquire(LockFile)) is not null, TimeSpan.FromMinutes(5), Token);
        await RestoreEmptyDatabaseAsync();
        await StartSwitchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopSwitchAsync(cleanUp: true);
        await StopDatabaseAsync();
        _ = _lab.Host.TryExecute(batch => batch.DeleteLink("ovs-netdev").Unless(Errno.ENODEV));
        await _lab.DisposeAsync();
        _lock?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs ovs-vsctl, which waits until the switch has done it.</summary>
    public async Task<string> ConfigureAsync(params string[] arguments) =>
        (await _lab.RunAsync(null, ["/usr/bin/ovs-vsctl", $"--db={Endpoint}", "--timeout=10", .. arguments], Token)).Trim();

    /// <summary>Adds a bridge of the datapath in user space.</summary>
    public Task AddBridgeAsync(string name) => ConfigureAsync("add-br", name, "--", "set", "bridge", name, "datapath_type=netdev");

    /// <summary>Starts ovsdb-server.</summary>
    public async Task StartDatabaseAsync()
    {
        _database = await StartAsync("/usr/sbin/ovsdb-server", DatabaseFile, $"--remote=punix:{Socket}", $"--unixctl={Path.Combine(_directory, "db.ctl")}");
        await Eventually.TrueAsync(() => File.Exists(Socket), cancellationToken: Token);
    }

    /// <summary>Ends ovsdb-server.</summary>
    public async Task StopDatabaseAsync()
    {
        if (_database is not null)
        {
            _ = await _database.TerminateAsync(Grace, CancellationToken.None);
            File.Delete(Socket);
        }
    }

    /// <summary>Starts ovsdb-server with nothing in its database, as after its file was lost.</summary>
    public async Task RestoreEmptyDatabaseAsync()
    {
        File.Delete(DatabaseFile);
        _ = await _lab.RunAsync(null, ["/usr/bin/ovsdb-tool", "create", DatabaseFile, "/usr/share/openvswitch/vswitch.ovsschema"], Token);
        await StartDatabaseAsync();
        _ = await ConfigureAsync("--no-wait", "init");
    }

    /// <summary>Starts ovs-vswitchd and waits until it works.</summary>
    public async Task StartSwitchAsync()
    {
        _switch = await StartAsync("/usr/sbin/ovs-vswitchd", Endpoint, $"--unixctl={Path.Combine(_directory, "vs.ctl")}");
        _ = await ConfigureAsync("set", "Open_vSwitch", ".", "external_ids:started=yes");
    }

    /// <summary>Ends ovs-vswitchd: as a crash does, or with everything that it made.</summary>
    public async Task StopSwitchAsync(bool cleanUp = false)
    {
        if (_switch is null)
        {
            return;
        }

        if (cleanUp && !_switch.HasExited)
        {
            _ = await _lab.RunAsync(null, ["/usr/bin/ovs-appctl", "-t", Path.Combine(_directory, "vs.ctl"), "exit", "--cleanup"], CancellationToken.None);
            _ = await _switch.Exit.WaitAsync(Eventually.DefaultDeadline, CancellationToken.None);
        }

        _ = await _switch.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
    }

    private Task<ServerProcess> StartAsync(string program, params string[] arguments)
    {
        var spec = new SpawnSpec(program, arguments);
        var environment = new Dictionary<string, string>(spec.Environment)
        {
            ["OVS_RUNDIR"] = _directory,
            ["OVS_LOGDIR"] = _directory,
            ["OVS_DBDIR"] = _directory,
        };
        return _lab.SpawnAsync(null, spec with { Environment = environment, OutputFile = Path.Combine(_directory, Path.GetFileName(program) + ".log") }, Token);
    }
}
