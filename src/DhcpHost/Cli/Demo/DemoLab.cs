using System.Globalization;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Cli.Demo;

/// <summary>
/// A part of the machine for one demo: a directory, bridges and namespaces with names that nothing else has. All of it goes with it.
/// </summary>
internal sealed class DemoLab : IAsyncDisposable
{
    private const UnixFileMode Traversable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // The same on both wires, where it may well be: the networks have nothing to do with each other.
    private static readonly MacAddress ClientMac = MacAddress.Parse("52:54:00:de:00:01");

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"dd{Environment.ProcessId:x}");
    private readonly IReadOnlyList<string> _plugins;
    private readonly NetnsBroker _broker = new();
    private readonly NetworkNamespaces _namespaces;
    private readonly RouteNetlink _links = RouteNetlink.Open();
    private readonly ProcessWatcher _watcher = new();

    public DemoLab(IReadOnlyList<string> plugins)
    {
        _plugins = plugins;
        _namespaces = new(_broker);
        Spawner = new(_broker, _watcher);
        // Below /run, which no other user can meddle with; servers that gave up root must get through to their own directories.
        Directory = System.IO.Directory.CreateDirectory($"/run/dhcphost-demo-{Environment.ProcessId}", Traversable).FullName;
        File.SetUnixFileMode(Directory, Traversable);
    }

    public string Directory { get; }

    public string ConfigPath => Path.Combine(Directory, "host.toml");

    public string Socket => Path.Combine(Directory, "demo.sock");

    public ProcessSpawner Spawner { get; }

    /// <summary>The bridge of a network: <c>dd1a2b-a</c>.</summary>
    public string BridgeOf(string network) => $"{_prefix}-{network[^1]}";

    /// <summary>The host's configuration: everything in the lab's directory, nothing of the machine's.</summary>
    public async Task WriteConfigAsync(CancellationToken cancellationToken)
    {
        var plugins = string.Join(", ", _plugins.Select(Quote));
        await File.WriteAllTextAsync(
            ConfigPath,
            $"""
            [host]
            name = "demo"
            state_directory = {Quote(Path.Combine(Directory, "state"))}
            runtime_directory = {Quote(Path.Combine(Directory, "run"))}
            cache_directory = {Quote(Path.Combine(Directory, "cache"))}

            [management]
            socket = {Quote(Socket)}

            [plugins]
            directories = [{plugins}]

            [defaults]
            dhcp_driver = "inprocess"

            [sources.files]
            directory = "networks"

            [drivers.bridge]
            namespace_prefix = "{_prefix}-"

            [logging]
            console = "off"

            """,
            cancellationToken);
        _ = System.IO.Directory.CreateDirectory(Path.Combine(Directory, "networks"));
    }

    /// <summary>A network file, as an operator would write it.</summary>
    public async Task<string> WriteNetworkAsync(string network, CancellationToken cancellationToken)
    {
        var text = $$"""
            name = "Demo network {{network[^1]}}"
            bridge = "{{BridgeOf(network)}}"

            [[subnets]]
            cidr = "192.168.77.0/24"
            gateway = "192.168.77.1"
            pools = [{ start = "192.168.77.100", end = "192.168.77.199" }]

            """;
        await File.WriteAllTextAsync(Path.Combine(Directory, "networks", $"{network}.toml"), text, cancellationToken);
        return text;
    }

    /// <summary>Makes the network's bridge, and a namespace for its client with a cable between the two.</summary>
    public async Task<NetworkNamespace> BuildAsync(string network, CancellationToken cancellationToken)
    {
        var bridge = BridgeOf(network);
        _links.Execute(batch => batch.CreateBridge(bridge));
        var client = await _namespaces.CreateAsync(ClientOf(network), cancellationToken);
        var master = _links.GetLink(bridge).Index;
        _links.Execute(batch => batch.CreateVeth(new($"{bridge}c", "eth0") { PeerNamespace = client, PeerMac = ClientMac, MasterIndex = master, IsUp = true }));
        using var inside = await RouteNetlink.OpenAsync(_broker, client, cancellationToken);
        var device = inside.GetLink("eth0").Index;
        inside.Execute(batch => batch.SetUp(1).SetUp(device));
        return client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The host has stopped its servers; one that was killed has not.
        foreach (var process in LeftProcesses())
        {
            using (process)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        foreach (var name in _namespaces.List().Where(name => name.StartsWith($"{_prefix}-", StringComparison.Ordinal)))
        {
            _ = _namespaces.Delete(name);
        }

        foreach (var link in _links.ListLinks().Where(link => link.Name.StartsWith($"{_prefix}-", StringComparison.Ordinal)))
        {
            // One end of a cable takes the other with it.
            _ = _links.TryExecute(batch => batch.DeleteLink(link.Index).Unless(Errno.ENODEV));
        }

        System.IO.Directory.Delete(Directory, recursive: true);
        _links.Dispose();
        _watcher.Dispose();
        _broker.Dispose();
    }

    private string ClientOf(string network) => $"{_prefix}-client-{network[^1]}";

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    // Ours are those whose command line names the lab's own directory.
    private IEnumerable<System.Diagnostics.Process> LeftProcesses()
    {
        var marker = Encoding.UTF8.GetBytes($"{Directory}/");
        foreach (var process in System.Diagnostics.Process.GetProcesses())
        {
            byte[] commandLine;
            try
            {
                commandLine = process.Id == Environment.ProcessId ? [] : File.ReadAllBytes($"/proc/{process.Id}/cmdline");
            }
            catch (IOException)
            {
                // It ended meanwhile.
                commandLine = [];
            }

            if (commandLine.AsSpan().IndexOf(marker) >= 0)
            {
                yield return process;
            }
            else
            {
                process.Dispose();
            }
        }
    }
}
