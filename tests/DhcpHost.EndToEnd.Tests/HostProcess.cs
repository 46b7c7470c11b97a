using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Http.Answers;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>The real executable with a configuration, state and networks of its own, in a temporary directory. Dispose removes all that it made.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>Far beyond what anything here takes.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private Process? _process;

    public HostProcess(LinuxLab lab, string extraConfig = "")
    {
        Lab = lab;
        Root = Directory.CreateTempSubdirectory("dhcphost-e2e").FullName;
        _ = Directory.CreateDirectory(NetworksDirectory);
        _ = Directory.CreateDirectory(Path.Combine(ScriptsDirectory, "policies"));
        _ = Directory.CreateDirectory(Path.Combine(ScriptsDirectory, "jobs"));
        Bridge = lab.NewName("b");
        File.WriteAllText(ConfigPath, $"""
            [host]
            name = "e2e"
            state_directory = "{Root}/state"
            runtime_directory = "{Root}/run"
            cache_directory = "{Root}/cache"

            [plugins]
            directories = ["{Product.Plugins}"]

            [drivers.bridge]
            create_bridges = true

            [sources.files]
            directory = "networks"

            [scripts]
            directory = "{ScriptsDirectory}"
            cache_directory = "{Root}/cache/scripts"

            [management]
            socket = "{SocketPath}"

            {extraConfig}
            """);
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://localhost"), Timeout = Deadline };
    }

    public LinuxLab Lab { get; }

    /// <summary>The directory of everything that this host has.</summary>
    public string Root { get; }

    /// <summary>The program that it is a process of.</summary>
    public string Executable { get; set; } = Product.Executable;

    /// <summary>The bridge that its networks are on, unless they name another.</summary>
    public string Bridge { get; }

    public string ConfigPath => Path.Combine(Root, "host.toml");

    public string NetworksDirectory => Path.Combine(Root, "networks");

    public string ScriptsDirectory => Path.Combine(Root, "scripts");

    public string StateDirectory => Path.Combine(Root, "state");

    public string SocketPath => Path.Combine(Root, "run", "api.sock");

    public int ProcessId => _process!.Id;

    /// <summary>Gives the host, before it starts, plugins of its own to run: a copy of the product's, in <c>plugins</c> beside its configuration.</summary>
    public void CopyPlugins()
    {
        foreach (var file in Directory.EnumerateFiles(Product.Plugins, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Root, "plugins", Path.GetRelativePath(Product.Plugins, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        EditConfig($"directories = [\"{Product.Plugins}\"]", "directories = [\"plugins\"]");
    }

    /// <summary>Replaces a text of <c>host.toml</c>, which must be there. A host that runs takes it over at a SIGHUP.</summary>
    public void EditConfig(string before, string after)
    {
        var toml = File.ReadAllText(ConfigPath);
        Assert.Contains(before, toml, StringComparison.Ordinal);
        WriteWhole(ConfigPath, toml.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Gives the driver <c>kea</c> what it needs beside other hosts, and the time that it needs on a machine under load.</summary>
    public void AddKea()
    {
        // Servers' own accounts come through.
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_001_001);
        EditConfig("[management]", $"""
            [drivers.kea]
            runtime_directory = "{Root}/run/kea"
            start_timeout = "60s"
            command_timeout = "60s"

            [management]
            """);
    }

    /// <summary>Writes a script, <c>policies/NAME</c> or <c>jobs/NAME</c>, as an editor does: whole, by a rename.</summary>
    public void WriteScript(string name, string code) => WriteWhole(Path.Combine(ScriptsDirectory, $"{name}.csx"), code);

    /// <summary>A network id that no other test has.</summary>
    public NetworkId NewNetworkId(string role = "n") => new(Lab.NewName(role));

    /// <summary>Writes a network's file, as a careful deployer does: whole, by a rename.</summary>
    public void WriteNetwork(NetworkId id, string toml) => WriteWhole(Path.Combine(NetworksDirectory, $"{id}.toml"), toml);

    /// <summary>A network with one IPv4 subnet, one dynamic pool, and reservations for .101, .102, …</summary>
    public string NetworkToml(int reservations = 1, string more = "") => $"""
        bridge = "{Bridge}"

        [[subnets]]
        cidr = "10.77.0.0/24"
        gateway = "10.77.0.1"
        server_address = "10.77.0.2"
        dns_servers = ["9.9.9.9"]
        pools = [{"{"} start = "10.77.0.10", end = "10.77.0.50" {"}"}]

        {string.Concat(Enumerable.Range(1, reservations).Select(i => $"""
        [[reservations]]
        mac = "fa:16:3e:77:{i / 256:x2}:{i % 256:x2}"
        addresses = ["10.77.0.{100 + i}"]
        hostname = "vm{i}"

        """))}
        {more}
        """;

    public void DeleteNetwork(NetworkId id) => File.Delete(Path.Combine(NetworksDirectory, $"{id}.toml"));

    /// <summary>Starts the host and returns at once.</summary>
    public void Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable) { RedirectStandardOutput = false, UseShellExecute = false };
        foreach (var argument in (string[])["--config", ConfigPath, "run", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Starts the host and waits until its first sync is through.</summary>
    public async Task StartSyncedAsync(CancellationToken cancellationToken)
    {
        Start();
        await WaitSyncedAsync(cancellationToken);
    }

    public Task WaitSyncedAsync(CancellationToken cancellationToken) =>
        Eventually.TrueAsync(async () => await EngineAsync(cancellationToken) is { IsSynced: true }, Deadline, cancellationToken);

    /// <summary>Waits until a network stands as asked.</summary>
    public async Task<NetworkStatus> WaitForPhaseAsync(NetworkId id, NetworkPhase phase, CancellationToken cancellationToken)
    {
        NetworkStatus? status = null;
        await Eventually.TrueAsync(
            async () => (status = await StatusAsync(id, cancellationToken)) is { IsInSync: true } or { Phase: not NetworkPhase.Ready } && status.Phase == phase,
            Deadline, cancellationToken, $"{id} is {phase}");
        return status!;
    }

    public async Task<NetworkStatus?> StatusAsync(NetworkId id, CancellationToken cancellationToken) =>
        (await TryGetAsync<NetworkDetail>($"/v1/networks/{id}", cancellationToken))?.Status;

    /// <summary>The engine's own numbers; <c>null</c> where the host does not answer.</summary>
    public async Task<EngineStatus?> EngineAsync(CancellationToken cancellationToken) =>
        (await TryGetAsync<HostStatus>("/v1/status", cancellationToken))?.Engine;

    /// <summary>The answer to a request; <c>null</c> where there is no host or no such thing.</summary>
    public async Task<T?> TryGetAsync<T>(string target, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(target, UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<T>(ModelJson.Options, cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The newest events, newest first; none where the host does not answer.</summary>
    public async Task<IReadOnlyList<HostEvent>> EventsAsync(CancellationToken cancellationToken) =>
        await TryGetAsync<HostEvent[]>("/v1/events?count=1000", cancellationToken) ?? [];

    /// <summary>Waits for an event; returns it.</summary>
    public Task<HostEvent> WaitForEventAsync(string kind, Func<HostEvent, bool> fits, CancellationToken cancellationToken) =>
        Eventually.NotNullAsync(
            async () => (await EventsAsync(cancellationToken)).FirstOrDefault(item => item.Kind == kind && fits(item)), Deadline, cancellationToken, kind);

    /// <summary>The metrics, as Prometheus reads them.</summary>
    public Task<string> MetricsAsync(CancellationToken cancellationToken) => _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);

    /// <summary>SIGKILL: the host gets no chance to do anything.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>A signal, and the exit code that follows.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken, string signal = "TERM")
    {
        Signal(signal);
        await _process!.WaitForExitAsync(cancellationToken).WaitAsync(Deadline, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Runs a command of the product against this host, which must succeed; its standard output.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Executable, ["--config", ConfigPath, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken).WaitAsync(Deadline, cancellationToken);
        Assert.True(process.ExitCode == 0, $"dhcphost {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
        return await output;
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>The dnsmasq processes that serve this host's networks: by the directory in their command lines.</summary>
    public IReadOnlyList<int> Servers(NetworkId? id = null) =>
        [.. ProcessIdentity.FindByMarker(StateDirectory)
            .Where(server => server.Pid != _process?.Id && (id is null || CommandLine(server.Pid).Contains($"/{id}/", StringComparison.Ordinal)))
            .Select(server => server.Pid)
            .Order()];

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync(CancellationToken.None);
        }

        // A last run that ends everything which the runs before left.
        foreach (var file in Directory.EnumerateFiles(NetworksDirectory))
        {
            File.Delete(file);
        }

        foreach (var pid in Servers())
        {
            using var server = Process.GetProcessById(pid);
            server.Kill();
        }

        foreach (var name in Lab.Namespaces.List().Where(name => name.StartsWith("qdhcp-" + Lab.Prefix, StringComparison.Ordinal)))
        {
            _ = Lab.Namespaces.Delete(name);
        }

        _process?.Dispose();
        _client.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private void WriteWhole(string path, string text)
    {
        var temporary = Path.Combine(Root, "whole.tmp");
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    private static string CommandLine(int pid) => File.Exists($"/proc/{pid}/cmdline") ? File.ReadAllText($"/proc/{pid}/cmdline") : "";

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new HttpRequestException(exception.Message, exception);
        }
    }
}
