using System.Globalization;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Cli.Demo;

/// <summary>The demo, step by step.</summary>
internal sealed class DemoRun(CommandScope scope, DemoLab lab, string clientProgram)
{
    private static readonly string[] Networks = ["demo-a", "demo-b"];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CliConsole _console = scope.Console;
    private readonly TimeProvider _time = scope.Environment.TimeProvider;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<int>? host = null;
        try
        {
            Step("Two bridges with a client on each, both with the same MAC address: the wires of two customers");
            await lab.WriteConfigAsync(cancellationToken);
            var clients = new List<NetworkNamespace>();
            foreach (var network in Networks)
            {
                clients.Add(await lab.BuildAsync(network, cancellationToken));
                Fact(network, $"bridge {lab.BridgeOf(network)}");
            }

            Step("A file for each network, both with the same subnet");
            var file = "";
            foreach (var network in Networks)
            {
                file = await lab.WriteNetworkAsync(network, cancellationToken);
            }

            foreach (var line in file.TrimEnd().Split('\n'))
            {
                _console.Line(new Cell($"      {line}", Tone.Muted));
            }

            Step("The host starts");
            var started = _time.GetTimestamp();
            host = scope.Environment.Run(new() { ConfigPath = lab.ConfigPath, StopServers = true }, stop.Token);
            await WaitReadyAsync(host, cancellationToken);
            Fact("ready", $"both networks served after {Span.Length(_time.GetElapsedTime(started))}");

            Step("Each client asks for an address");
            var addresses = new List<string?>();
            for (var i = 0; i < Networks.Length; i++)
            {
                addresses.Add(await AskAsync(Networks[i], clients[i], cancellationToken));
            }

            if (addresses.Contains(null))
            {
                _console.Note(new("a client got no lease", Tone.Bad), "see 'dhcphost check' for the plugins and drivers of this machine");
                return ExitCodes.Failure;
            }

            await ShowLeasesAsync(cancellationToken);
            _console.Line();
            _console.Line(
                new("Two networks, one subnet, two servers that do not know of each other", Tone.Good),
                addresses.Distinct().Count() == 1 ? ": even the addresses are the same." : ".");
            return ExitCodes.Success;
        }
        finally
        {
            await StopAsync(host, stop);
        }
    }

    private async Task<string?> AskAsync(string network, NetworkNamespace client, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var lease = await new DemoClient(lab, clientProgram).AskAsync(network, client, cancellationToken);
        if (lease is null)
        {
            _console.Line($"    {network}  ", new("no answer", Tone.Bad));
            return null;
        }

        var length = int.TryParse(lease["lease"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? Span.Length(TimeSpan.FromSeconds(seconds))
            : "ever";
        _console.Line(
            $"    {network}  ",
            new(lease["address"], Tone.Good),
            $" from {lease["serverid"]}, router {lease["router"]}, for {length}",
            new($"  ({Span.Length(_time.GetElapsedTime(started))})", Tone.Muted));
        return lease["address"];
    }

    /// <summary>Until the host says so; its socket is not there at once.</summary>
    private async Task WaitReadyAsync(Task<int> host, CancellationToken cancellationToken)
    {
        using var client = new ManagementClient(lab.Socket);
        var started = _time.GetTimestamp();
        NetworkStatus[] networks = [];
        while (_time.GetElapsedTime(started) < StartDeadline)
        {
            if (host.IsCompleted)
            {
                throw new CliException(
                    ExitCodes.Failure, $"the host ended at its start with code {await host}", "its own message is above; 'dhcphost check' may say more");
            }

            try
            {
                networks = await client.GetAsync<NetworkStatus[]>("/v1/networks", cancellationToken);
                if (networks.Length == Networks.Length && networks.All(network => network.Phase == NetworkPhase.Ready))
                {
                    return;
                }
            }
            catch (CliException exception) when (exception.ExitCode == ExitCodes.Unavailable)
            {
                // Not yet.
            }

            await Task.Delay(Interval, _time, cancellationToken);
        }

        foreach (var network in networks)
        {
            _console.Line($"    {network.Id}  ", new(Words(network.Phase), Tone.Bad), $"  {network.Message}");
        }

        throw new CliException(ExitCodes.Failure, $"the networks were not served within {Span.Length(StartDeadline)}", "the messages above say why");
    }

    private async Task ShowLeasesAsync(CancellationToken cancellationToken)
    {
        Step("What the host knows of it ('dhcphost leases' shows it of a running host)");
        using var client = new ManagementClient(lab.Socket);
        var table = new TextTable("Network", "Address", "MAC", "Expires");
        foreach (var network in Networks)
        {
            foreach (var lease in await client.GetAsync<Lease[]>($"/v1/networks/{network}/leases", cancellationToken))
            {
                table.Add(network, lease.Address.ToString(), lease.MacAddress?.ToString(), _console.Moment(lease.ExpiresAt));
            }
        }

        _console.Show(table);
    }

    private async Task StopAsync(Task<int>? host, CancellationTokenSource stop)
    {
        Step("The host stops, and everything is taken down");
        await stop.CancelAsync();
        if (host is not null)
        {
            try
            {
                _ = await host;
            }
            catch (OperationCanceledException)
            {
                // Stopped before it had started.
            }
        }
    }

    private static string Words(NetworkPhase phase) => Commands.Words.Of(phase);

    private void Step(string text) => _console.Line(new("  ● ", Tone.Good), new(text, Tone.Strong));

    private void Fact(string name, string text) => _console.Line($"    {name}  ", new(text, Tone.Muted));
}
