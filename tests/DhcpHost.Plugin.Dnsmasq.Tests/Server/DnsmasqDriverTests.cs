using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Tests.Conformance;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

/// <summary>What is dnsmasq's own, with real servers.</summary>
public sealed class DnsmasqDriverTests : IAsyncLifetime
{
    private DnsmasqSubject? _subject;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DnsmasqSubject Subject => _subject!;

    public ValueTask InitializeAsync()
    {
        _subject = new();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await Subject.DisposeAsync();

    [Fact]
    public async Task Files_are_their_servers_alone_and_it_can_read_them_again()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var paths = Subject.PathsOf(plan.Server);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(paths.Directory));
        Assert.All(new[] { paths.Hosts, paths.AddnHosts, paths.Opts }, path => Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(path)));
        var status = await File.ReadAllLinesAsync($"/proc/{Assert.Single(Subject.ProcessesOf(plan.Server)).Pid}/status", Stop);
        Assert.DoesNotContain(status, line => line.StartsWith("Uid:\t0", StringComparison.Ordinal));

        _ = await Subject.Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(8)), handle, Stop);
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(8)));
        Assert.Equal("10.77.0.8", (await client.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task An_unchanged_apply_writes_nothing()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var before = Stamp(plan);

        Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(plan, handle, Stop)).Action);

        Assert.Equal(before, Stamp(plan));
    }

    [Fact]
    public async Task A_file_that_somebody_changed_is_drift_and_is_put_right()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await File.AppendAllTextAsync(Subject.PathsOf(plan.Server).Hosts, "fa:16:3e:66:66:66,10.77.0.66\n", Stop);

        var drifted = await Subject.Driver.InspectAsync(handle, Stop);
        var result = await Subject.Driver.ApplyAsync(plan, handle, Stop);

        Assert.Equal(InspectState.Drifted, drifted.State);
        Assert.Contains("host was changed", drifted.Reason, StringComparison.Ordinal);
        Assert.Equal((ApplyAction.Reloaded, "host file changed"), (result.Action, Assert.Single(result.Reasons)));
        Assert.Equal(InspectState.Running, (await Subject.Driver.InspectAsync(handle, Stop)).State);
    }

    [Fact]
    public async Task Hostile_ports_are_refused_and_the_others_served()
    {
        var hostile = SamplePlans.Port(6, new ExtraDhcpOption("bootfile-name", "x\n--dhcp-script=/bin/evil")) with { DnsName = "ignore,set:x" };
        var plan = await NewPlanAsync(hostile, SamplePlans.Port(7));

        var result = await Subject.Driver.ApplyAsync(plan, null, Stop);

        Assert.Equal(2, result.Refusals.Count);
        foreach (var number in new[] { 6, 7 })
        {
            await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number)));
            Assert.Equal($"10.77.0.{number}", (await client.LeaseAsync(Stop)).Address?.ToString());
        }
    }

    [Fact]
    public async Task Two_servers_that_an_interrupted_apply_left_become_one()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        var first = Assert.Single(Subject.ProcessesOf(plan.Server));
        var arguments = Dnsmasq.Server.CommandLines.TryRead(first.Pid)!;
        // In another namespace: within one, dnsmasq refuses to be the second.
        var other = await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop);
        using (var ns = Subject.Lab.Namespaces.Open(other.Namespace))
        {
            _ = await Subject.Lab.SpawnAsync(ns, new("/usr/sbin/dnsmasq", arguments), Stop);
        }

        await Eventually.TrueAsync(() => Subject.CountServers(plan.Server) == 2, cancellationToken: Stop);
        Subject.RestartHost();
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        Assert.Equal(1, Subject.CountServers(plan.Server));
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)));
        Assert.Equal("10.77.0.7", (await client.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task A_server_that_was_started_after_the_handle_was_stored_is_recovered()
    {
        var plan = await NewPlanAsync();
        var stale = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        _ = await Subject.Driver.ApplyAsync(plan with { Network = plan.Network with { Mtu = 1300 } }, stale, Stop);
        var identity = Assert.Single(Subject.ProcessesOf(plan.Server));

        Subject.RestartHost();

        Assert.Equal(RecoverOutcome.Recovered, (await Subject.Driver.RecoverAsync(stale, Stop)).Outcome);
        Assert.Equal(identity, Assert.Single(Subject.ProcessesOf(plan.Server)));
    }

    [Fact]
    public async Task A_site_file_that_dnsmasq_refuses_leaves_the_running_server_alone_and_says_why()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var before = Assert.Single(Subject.ProcessesOf(plan.Server));
        var file = Path.Combine(Subject.PathsOf(plan.Server).Directory, "site.conf");
        await File.WriteAllTextAsync(file, "no-such-option\n", Stop);
        Subject.Options.ConfigFile = file;

        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => Subject.Driver.ApplyAsync(plan, handle, Stop));

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("bad option at line 1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Assert.Single(Subject.ProcessesOf(plan.Server)));
    }

    [Fact]
    public async Task Forwarders_that_only_the_networks_namespace_knows_are_taken_at_a_start_and_at_a_change()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var forwarders = new[] { $"fe80::1%{plan.Interface.Device}#5353", "192.0.2.53#54" }.Select(text => DnsForwarder.Parse(text)).ToEquatableArray();

        var changed = await Subject.Driver.ApplyAsync(plan with { Options = plan.Options with { Forwarders = forwarders } }, handle, Stop);

        Assert.Equal(ApplyAction.Restarted, changed.Action);
        var arguments = Dnsmasq.Server.CommandLines.TryRead(Assert.Single(Subject.ProcessesOf(plan.Server)).Pid)!;
        Assert.Contains($"--server=fe80::1%{plan.Interface.Device}#5353", arguments);
        Assert.Contains("--server=192.0.2.53#54", arguments);
    }

    [Fact]
    public async Task A_start_that_fails_tells_what_dnsmasq_said()
    {
        Subject.Options.ConfigFile = "/nonexistent/site.conf";

        var failure = await Assert.ThrowsAsync<DhcpHostException>(async () => await Subject.Driver.ApplyAsync(await NewPlanAsync(), null, Stop));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("/nonexistent/site.conf", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_a_conflict()
    {
        var plan = await NewPlanAsync();

        var failure = await Assert.ThrowsAsync<DhcpHostException>(
            () => Subject.Driver.ApplyAsync(plan with { Interface = plan.Interface with { Namespace = "no-such-namespace" } }, null, Stop));

        Assert.Equal(FailureKind.Conflict, failure.Kind);
    }

    [Fact]
    public async Task A_program_that_is_missing_is_ill_health_with_a_cure()
    {
        Subject.Options.Binary = "no-such-dnsmasq";
        Subject.RestartHost();

        await foreach (var notice in Subject.Driver.WatchAsync(Stop))
        {
            var health = Assert.IsType<DriverEvent.HealthChanged>(notice).Health;
            Assert.False(health.IsHealthy);
            Assert.Contains("apt install dnsmasq-base", health.Message, StringComparison.Ordinal);
            break;
        }

        var failure = await Assert.ThrowsAsync<DhcpHostException>(async () => await Subject.Driver.ApplyAsync(await NewPlanAsync(), null, Stop));
        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task Disabled_keeps_leases_for_later_and_a_network_that_is_gone_leaves_nothing()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(11)));
        _ = await client.LeaseAsync(Stop);
        var leases = await Subject.Driver.ListLeasesAsync(handle, Stop);

        await Subject.Driver.RemoveAsync(handle, RemoveReason.Disabled, Stop);
        Assert.Equal(["leases"], Directory.EnumerateFileSystemEntries(Subject.PathsOf(plan.Server).Directory).Select(Path.GetFileName));
        handle = (await Subject.Driver.ApplyAsync(plan, handle, Stop)).Handle;
        Assert.Equal(Assert.Single(leases), Assert.Single(await Subject.Driver.ListLeasesAsync(handle, Stop)));

        await Subject.Driver.RemoveAsync(handle, RemoveReason.NetworkGone, Stop);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Subject.Root));
    }

    [Fact]
    public async Task A_port_that_no_client_used_goes_without_a_trace()
    {
        var plan = await NewPlanAsync(SamplePlans.Port(7), SamplePlans.Port(8));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;

        var result = await Subject.Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7)), handle, Stop);

        Assert.Equal(ApplyAction.Reloaded, result.Action);
        // dnsmasq writes the file in place: for a moment it is empty.
        var leases = "";
        await Eventually.TrueAsync(
            () => (leases = File.ReadAllText(Subject.PathsOf(plan.Server).Leases)).Contains(" 10.77.0.7 ", StringComparison.Ordinal), cancellationToken: Stop);
        Assert.DoesNotContain(" 10.77.0.8 ", leases, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_the_plan_are_the_servers()
    {
        var plan = await NewPlanAsync() with { Limits = new() { MemoryBytes = 64 << 20, OpenFiles = 200 } };

        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        var limits = await File.ReadAllTextAsync($"/proc/{Assert.Single(Subject.ProcessesOf(plan.Server)).Pid}/limits", Stop);
        Assert.Matches(@"Max data size +67108864 +67108864", limits);
        Assert.Matches(@"Max open files +200 +200", limits);
    }

    [Fact]
    public async Task A_server_that_ends_tells_the_end_of_its_log()
    {
        Subject.Options.LogDirectory = Path.Combine(Subject.Root, "..", "log");
        var plan = await NewPlanAsync(SamplePlans.Port(7));
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        await using var events = Subject.Driver.WatchAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);
        _ = await events.MoveNextAsync();

        using (var server = Subject.Lab.Watcher.Adopt(Assert.Single(Subject.ProcessesOf(plan.Server))).Process!)
        {
            _ = server.Signal(ProcessSignal.Terminate);
        }

        _ = await events.MoveNextAsync();
        Assert.Contains("exiting on receipt of SIGTERM", Assert.IsType<DriverEvent.ServerExited>(events.Current).Exit.Reason, StringComparison.Ordinal);
    }

    private async Task<DhcpPlan> NewPlanAsync(params Port[] ports) =>
        SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, ports);

    private List<(string, DateTime, long)> Stamp(DhcpPlan plan) =>
        [.. new DirectoryInfo(Subject.PathsOf(plan.Server).Directory).EnumerateFiles().Select(file => (file.Name, file.LastWriteTimeUtc, file.Length)).Order()];
}
