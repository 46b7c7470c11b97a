using System.Collections;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>The real executable as a DHCP agent of Neutron, with a configuration and a state of its own below one directory.</summary>
internal sealed class NeutronHost
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);

    private readonly LinuxLab _lab;
    private readonly string _root;
    private readonly bool _hasOwnNamespaces;
    private ServerProcess? _process;

    private NeutronHost(LinuxLab lab, string name, string root, bool hasOwnNamespaces) =>
        (_lab, Name, _root, _hasOwnNamespaces) = (lab, name, Directory.CreateDirectory(root).FullName, hasOwnNamespaces);

    /// <summary>Its host in Neutron.</summary>
    public string Name { get; }

    public string ConfigPath => Path.Combine(_root, "host.toml");

    private string StateDirectory => Path.Combine(_root, "state");

    private string HostDirectories => $"""
        state_directory = "{StateDirectory}"
        runtime_directory = "{_root}/run"
        cache_directory = "{_root}/cache"
        """;

    /// <summary>One with a configuration as these tests want it; not started yet.</summary>
    /// <param name="lab">Ends it with the test; what it started runs on.</param>
    /// <param name="neutron">Whose agent it is to be.</param>
    /// <param name="name">Its host, one of <see cref="OpenStackLab.Hosts"/>.</param>
    /// <param name="root">A directory of its own.</param>
    /// <param name="hasOwnNamespaces">
    /// Whether it sees a /run/netns of its own, so that it can serve a network beside another host on this machine.
    /// </param>
    /// <param name="defaults">More keys of <c>[defaults]</c>.</param>
    /// <param name="tables">More tables.</param>
    public static NeutronHost Create(
        LinuxLab lab, OpenStackLab neutron, string name, string root, bool hasOwnNamespaces, string defaults, string tables)
    {
        var host = new NeutronHost(lab, name, root, hasOwnNamespaces);
        File.WriteAllText(host.ConfigPath, $"""
            [host]
            name = "{name}"
            {host.HostDirectories}

            [plugins]
            directories = ["{Product.Plugins}"]

            [defaults]
            interface_driver = "linuxbridge"
            dns_domain = "lab.example."
            {defaults}

            [drivers.linuxbridge]

            [sources.neutron]
            report_interval = "5s"
            resync_jitter = "0s"

            [sources.neutron.messaging]
            transport_url = "{neutron.Broker.TransportUrl}"

            {host.OtherTables(neutron)}
            {tables}
            """);
        return host;
    }

    /// <summary>One with the configuration that <c>dhcphost import-neutron</c> makes of an agent's; not started yet.</summary>
    /// <param name="lab">Ends it with the test.</param>
    /// <param name="neutron">Whose agent it is to be.</param>
    /// <param name="agent">Whose place it takes.</param>
    /// <param name="root">A directory of its own.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    public static async Task<NeutronHost> ImportAsync(
        LinuxLab lab, OpenStackLab neutron, PeerAgent agent, string root, CancellationToken cancellationToken)
    {
        var host = new NeutronHost(lab, agent.Name, root, hasOwnNamespaces: false);
        string[] import = [
            "import-neutron", "--config-file", agent.NeutronConf, "--config-file", agent.DhcpAgentIni, "--output", host.ConfigPath];
        using var process = await lab.SpawnAsync(
            null,
            new SpawnSpec(Product.Executable, import) { OutputFile = Path.Combine(root, "import"), Environment = InheritedEnvironment() },
            cancellationToken);
        var exit = await process.Exit.WaitAsync(StopGrace, cancellationToken);
        Assert.True(exit.Code == 0, await LogTail.ReadAsync(Path.Combine(root, "import"), cancellationToken));

        // The rest is where a test's host has it.
        var name = $"name = \"{agent.Name}\"";
        var imported = await File.ReadAllTextAsync(host.ConfigPath, cancellationToken);
        Assert.Contains(name, imported, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            host.ConfigPath,
            $"{imported.Replace(name, $"{name}\n{host.HostDirectories}", StringComparison.Ordinal)}\n{host.OtherTables(neutron)}",
            cancellationToken);
        return host;
    }

    /// <summary>Starts it and returns at once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] run = [Product.Executable, "--config", ConfigPath, "run"];
        string[] command = _hasOwnNamespaces
            ? ["/usr/bin/unshare", "-m", "/bin/sh", "-c", "mount -t tmpfs tmpfs /run/netns && exec \"$0\" \"$@\"", .. run]
            : run;
        _process = await _lab.SpawnAsync(
            null,
            new SpawnSpec(command[0], command[1..])
            {
                OutputFile = Path.Combine(_root, "log"),
                Environment = InheritedEnvironment(),
            },
            cancellationToken);
    }

    /// <summary>SIGKILL: the host gets no chance to do anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken) =>
        _ = await _process!.TerminateAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>SIGTERM; its servers run on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var exit = await _process!.TerminateAsync(StopGrace, cancellationToken);
        Assert.Equal(0, exit.Code);
    }

    /// <summary>The dnsmasq processes that serve a network for this host: by the directories in their command lines.</summary>
    public IReadOnlyList<int> Servers(string networkId) =>
        [.. ProcessIdentity.FindByMarker(StateDirectory).Select(process => process.Pid).Where(pid => Serves(pid, networkId)).Order()];

    /// <summary>Kills every server that this host started.</summary>
    public void KillServers()
    {
        foreach (var process in ProcessIdentity.FindByMarker(StateDirectory).Where(process => process.Pid != _process?.Identity.Pid))
        {
            LeftBehind.Kill(process.Pid);
        }
    }

    /// <summary>The reservations of a network, as its server's file has them; empty where it has none.</summary>
    public string Reservations(string networkId) => !Directory.Exists(StateDirectory)
        ? ""
        : string.Concat(Directory.EnumerateFiles(StateDirectory, "host", SearchOption.AllDirectories)
            .Where(file => file.Contains(networkId, StringComparison.Ordinal)).Select(File.ReadAllText));

    /// <summary>The end of its log, for a test's message.</summary>
    public Task<string> ReadLogAsync(CancellationToken cancellationToken) =>
        LogTail.ReadAsync(Path.Combine(_root, "log"), cancellationToken);

    /// <summary>Scripts, compiled once for all tests, and the socket.</summary>
    private string OtherTables(OpenStackLab neutron) => $"""
        [scripts]
        directory = "{Product.Root}/scripts"
        cache_directory = "{neutron.ScriptCache}"

        [management]
        socket = "{_root}/run/api.sock"

        """;

    // .NET's executables find their runtime by it.
    private static Dictionary<string, string> InheritedEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);

    private static bool Serves(int pid, string networkId) =>
        File.Exists($"/proc/{pid}/cmdline")
        && File.ReadAllText($"/proc/{pid}/cmdline").Contains($"/{networkId}/", StringComparison.Ordinal);
}
