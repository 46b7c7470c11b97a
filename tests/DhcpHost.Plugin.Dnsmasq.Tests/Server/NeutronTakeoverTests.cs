using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Plugin.Dnsmasq.Tests.Conformance;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

/// <summary>Real servers, started as neutron-dhcp-agent starts them: with its files, its command line and its namespace's name.</summary>
public sealed class NeutronTakeoverTests : IAsyncLifetime
{
    private const UnixFileMode AgentDirectory = (UnixFileMode)0b111_101_101;
    private const UnixFileMode AgentFile = (UnixFileMode)0b110_100_100;

    private readonly DnsmasqSubject _subject = new(options =>
    {
        options.AdoptNeutron = true;
        options.DirectoryMode = 0b111_001_001;
        options.FileMode = 0b110_100_100;
    });

    private readonly string _network = Guid.NewGuid().ToString();
    private DhcpPlan? _plan;
    private InterfaceBinding? _wire;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DhcpPlan Plan => _plan!;

    private ServerPaths Paths => _subject.PathsOf(Plan.Server);

    private string NamespaceName => $"qdhcp-{_network}";

    public async ValueTask InitializeAsync()
    {
        _wire = await _subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop);
        await NameAsync(_wire.Namespace, NamespaceName);
        _plan = SamplePlans.Make(_network, _wire with { Namespace = NamespaceName }, [SamplePlans.IPv4Subnet], SamplePlans.Port(7));
    }

    public async ValueTask DisposeAsync()
    {
        _ = _subject.Lab.Namespaces.Delete(NamespaceName);
        await _subject.DisposeAsync();
    }

    [Fact]
    public async Task An_agents_server_whose_configuration_is_equal_goes_on_as_it_is()
    {
        var pid = await StartAsAgentAsync();

        Assert.Equal(Plan.Server, Assert.Single(await _subject.Driver.DiscoverAsync(Stop)).Server);
        var result = await _subject.Driver.ApplyAsync(Plan, null, Stop);

        Assert.Equal((ApplyAction.Unchanged, pid), (result.Action, Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid));
        await using (var client = new UdhcpcClient(_subject.Lab, await _subject.NewStationAsync(_wire!, Stop, SamplePlans.Mac(7))))
        {
            Assert.Equal("10.77.0.7", (await client.LeaseAsync(Stop)).Address?.ToString());
        }

        _subject.RestartHost();
        Assert.Equal(RecoverOutcome.Recovered, (await _subject.Driver.RecoverAsync(result.Handle, Stop)).Outcome);
        Assert.Equal(ApplyAction.Unchanged, (await _subject.Driver.ApplyAsync(Plan, result.Handle, Stop)).Action);
        Assert.Equal(pid, Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid);
    }

    [Fact]
    public async Task Changed_hosts_are_a_reload_of_the_agents_server()
    {
        var pid = await StartAsAgentAsync();

        var result = await _subject.Driver.ApplyAsync(Plan.WithPorts(SamplePlans.Port(7), SamplePlans.Port(8)), null, Stop);

        Assert.Equal((ApplyAction.Reloaded, pid), (result.Action, Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid));
        await using var client = new UdhcpcClient(_subject.Lab, await _subject.NewStationAsync(_wire!, Stop, SamplePlans.Mac(8)));
        Assert.Equal("10.77.0.8", (await client.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task A_changed_command_line_is_a_restart_and_there_are_never_two_servers()
    {
        var pid = await StartAsAgentAsync();

        var result = await _subject.Driver.ApplyAsync(Plan with { Options = Plan.Options with { LeaseTime = TimeSpan.FromHours(2) } }, null, Stop);

        Assert.Equal((ApplyAction.Restarted, "command line: --dhcp-range changed"), (result.Action, Assert.Single(result.Reasons)));
        var server = Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid;
        Assert.NotEqual(pid, server);
        Assert.Contains($"PROCESS_TAG=dnsmasq-{_network}", (await File.ReadAllTextAsync($"/proc/{server}/environ", Stop)).Split('\0'));
    }

    [Fact]
    public async Task A_server_that_could_not_read_private_files_again_is_restarted_in_place_of_a_reload()
    {
        _subject.Options.DirectoryMode = 0b111_000_000;
        _subject.Options.FileMode = 0b110_000_000;
        _subject.Options.User = "daemon";
        _ = await StartAsAgentAsync();

        var result = await _subject.Driver.ApplyAsync(Plan.WithPorts(SamplePlans.Port(8)), null, Stop);

        Assert.Equal(ApplyAction.Restarted, result.Action);
        Assert.Contains("it runs as an account that could not read its files again", result.Reasons);
    }

    [Fact]
    public async Task Without_the_sites_word_an_agents_server_is_not_touched_and_its_network_not_served_beside_it()
    {
        _subject.Options.AdoptNeutron = false;
        var pid = await StartAsAgentAsync();
        var files = Directory.GetFiles(Paths.Directory);

        Assert.Empty(await _subject.Driver.DiscoverAsync(Stop));
        var error = await Assert.ThrowsAsync<DhcpHostException>(() => _subject.Driver.ApplyAsync(Plan, null, Stop));
        await _subject.Driver.RemoveAsync(new(new("dnsmasq"), Plan.Server, 1, """{"identity":null}"""), RemoveReason.NetworkGone, Stop);

        Assert.Equal(FailureKind.Conflict, error.Kind);
        Assert.Contains("adopt_neutron", error.Message, StringComparison.Ordinal);
        Assert.Equal(pid, Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid);
        Assert.Equal(files.Order(), Directory.GetFiles(Paths.Directory).Order());
    }

    [Fact]
    public async Task A_server_outside_its_networks_namespace_is_not_the_agents_and_is_not_touched()
    {
        var pid = await StartAsAgentAsync();
        _ = _subject.Lab.Namespaces.Delete(NamespaceName);
        using var other = await _subject.Lab.NewNamespaceAsync(Stop);
        await NameAsync(other.Name, NamespaceName);

        var error = await Assert.ThrowsAsync<DhcpHostException>(() => _subject.Driver.ApplyAsync(Plan, null, Stop));

        Assert.Equal(FailureKind.Conflict, error.Kind);
        Assert.Contains($"does not run in the namespace {NamespaceName}", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _subject.Driver.DiscoverAsync(Stop));
        Assert.Equal(pid, Assert.Single(_subject.ProcessesOf(Plan.Server)).Pid);
    }

    [Fact]
    public async Task Files_of_an_owner_can_be_gone_on_with_by_an_agent_that_starts_afterwards()
    {
        _subject.Options.Owner = "daemon";
        _ = await StartAsAgentAsync();

        var result = await _subject.Driver.ApplyAsync(Plan.WithPorts(SamplePlans.Port(8)), null, Stop);

        var owner = FileOwner.TryFind("daemon");
        Assert.All(new[] { Paths.Directory, Paths.Hosts, Paths.AddnHosts, Paths.Opts, Paths.Interface }, path => Assert.Equal(owner, FileOwner.Of(path)));
        Assert.Equal("tap0", await File.ReadAllTextAsync(Paths.Interface, Stop));
        Assert.Equal(
            _subject.ProcessesOf(Plan.Server)[0].Pid.ToString(System.Globalization.CultureInfo.InvariantCulture),
            (await File.ReadAllTextAsync(Paths.Pid, Stop)).Trim());
        Assert.Equal(ApplyAction.Reloaded, result.Action);
    }

    [Fact]
    public async Task A_directory_of_all_servers_that_was_not_there_is_the_owners_too()
    {
        _subject.Options.Owner = "daemon";

        _ = await _subject.Driver.ApplyAsync(Plan, null, Stop);

        Assert.Equal(FileOwner.TryFind("daemon"), FileOwner.Of(_subject.Root));
    }

    /// <summary>
    /// What the agent does at a start: its directory, its files, and the command line that the vectors of Neutron's driver have, in the
    /// namespace; dnsmasq puts itself into the background.
    /// </summary>
    private async Task<int> StartAsAgentAsync()
    {
        var writer = new ConfigurationWriter(Plan, new());
        var wanted = writer.Write(Paths);
        _ = Directory.CreateDirectory(Paths.Directory);
        foreach (var directory in new[] { _subject.Root, Paths.Directory })
        {
            File.SetUnixFileMode(directory, AgentDirectory);
        }

        foreach (var (path, text) in new[]
        {
            (Paths.Hosts, wanted.Hosts), (Paths.AddnHosts, wanted.AddnHosts), (Paths.Opts, wanted.Opts), (Paths.Leases, writer.WriteLeases(null)),
            (Paths.Interface, "tap0"),
        })
        {
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), Stop);
            File.SetUnixFileMode(path, AgentFile);
        }

        using var ns = _subject.Lab.Namespaces.TryOpen(NamespaceName)!;
        _ = await _subject.Lab.RunAsync(ns, ["/usr/sbin/dnsmasq", .. wanted.Arguments.Skip(1)], Stop);
        await Eventually.TrueAsync(() => File.Exists(Paths.Pid) && _subject.ProcessesOf(Plan.Server).Count == 1, cancellationToken: Stop);
        return _subject.ProcessesOf(Plan.Server)[0].Pid;
    }

    /// <summary>Gives a namespace one more name.</summary>
    private async Task NameAsync(string name, string other)
    {
        var path = Path.Combine(NetworkNamespaces.DefaultDirectory, other);
        await File.WriteAllBytesAsync(path, [], Stop);
        _ = await _subject.Lab.RunAsync(null, ["/bin/mount", "--bind", Path.Combine(NetworkNamespaces.DefaultDirectory, name), path], Stop);
    }
}
