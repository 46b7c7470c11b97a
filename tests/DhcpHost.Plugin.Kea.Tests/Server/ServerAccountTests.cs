using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Tests.Conformance;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Kea.Tests.Server;

/// <summary>Which account servers run as, and what it may do; with real servers.</summary>
public sealed class ServerAccountTests : IAsyncLifetime
{
    private const string Packaged = "_kea";
    private const string TwoCapabilities = "0000000000002400";
    private const UnixFileMode Private = (UnixFileMode)0b111_000_000;

    private readonly FileOwner? _account = FileOwner.TryFind(Packaged);
    private KeaSubject? _subject;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private KeaSubject Subject => _subject!;

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(_account is null, $"there is no account '{Packaged}': install Kea's packages");
        _subject = new();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _subject?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Servers_run_as_the_package_s_account_with_low_ports_and_raw_sockets_as_all_their_rights()
    {
        var plan = await NewPlanAsync([SamplePlans.PooledIPv4Subnet, SamplePlans.IPv6Subnet]);

        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        foreach (var ipVersion in new[] { 4, 6 })
        {
            var status = StatusOf(Assert.Single(Subject.ProcessesOf(plan.Server, ipVersion)));
            var (user, group) = ($"{_account!.Value.UserId}", $"{_account.Value.GroupId}");
            Assert.Equal([user, user, user, user], status["Uid"].Split('\t'));
            Assert.Equal([group, group, group, group], status["Gid"].Split('\t'));
            Assert.Equal("", status["Groups"].Trim());
            Assert.All(new[] { "CapPrm", "CapEff", "CapInh", "CapAmb" }, set => Assert.Equal(TwoCapabilities, status[set]));
            Assert.Equal("1", status["NoNewPrivs"]);
        }

        var directory = Path.GetDirectoryName(Subject.ConfigOf(plan.Server, 4))!;
        foreach (var own in new[] { directory, Subject.RuntimeOf(plan.Server) })
        {
            Assert.Equal(_account, FileOwner.Of(own));
            Assert.Equal(Private, File.GetUnixFileMode(own));
        }

        Assert.Equal(_account, FileOwner.Of(Subject.ConfigOf(plan.Server, 4)));
        Assert.Equal(FileOwner.Root, FileOwner.Of(Subject.Root));
        Assert.Equal(Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute, File.GetUnixFileMode(Subject.Root));
    }

    [Fact]
    public async Task A_server_s_account_suffices_to_tidy_up_its_lease_file()
    {
        Subject.Options.LeaseCleanupInterval = TimeSpan.FromSeconds(1);
        var plan = await NewPlanAsync([SamplePlans.PooledIPv4Subnet]);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)));
        _ = await client.LeaseAsync(Stop);

        // kea-lfc(8): what it made of the file.
        var tidied = Path.ChangeExtension(Subject.ConfigOf(plan.Server, 4), "leases.csv.2");
        await Eventually.TrueAsync(() => File.Exists(tidied), cancellationToken: Stop);
        Assert.Equal(_account, FileOwner.Of(tidied));
    }

    [Fact]
    public async Task A_server_of_an_earlier_version_runs_on_as_root_until_it_is_started_anew_and_its_leases_stay()
    {
        Subject.Options.User = "root";
        var plan = await NewPlanAsync([SamplePlans.PooledIPv4Subnet]);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var first = Assert.Single(Subject.ProcessesOf(plan.Server, 4));
        Assert.StartsWith("0\t", StatusOf(first)["Uid"], StringComparison.Ordinal);
        Assert.Equal(Private, File.GetUnixFileMode(Subject.Root));
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)));
        var lease = await client.LeaseAsync(Stop);

        // The next version is told nothing.
        Subject.Options.User = "";
        Subject.RestartHost();
        Assert.Equal(RecoverOutcome.Recovered, (await Subject.Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(plan, handle, Stop)).Action);
        var changed = plan.WithPorts(SamplePlans.Port(8));
        Assert.Equal(ApplyAction.Reloaded, (await Subject.Driver.ApplyAsync(changed, handle, Stop)).Action);
        Assert.Equal(first, Assert.Single(Subject.ProcessesOf(plan.Server, 4)));
        Assert.Equal(FileOwner.Root, FileOwner.Of(Subject.ConfigOf(plan.Server, 4)));

        await Subject.KillServerAsync(plan.Server, Stop);
        handle = (await Subject.Driver.ApplyAsync(changed, handle, Stop)).Handle;
        Assert.StartsWith($"{_account!.Value.UserId}\t", StatusOf(Assert.Single(Subject.ProcessesOf(plan.Server, 4)))["Uid"], StringComparison.Ordinal);
        Assert.Equal(lease.Address, (await client.RenewAsync(Stop))?.Address);
        Assert.Contains(await Subject.Driver.ListLeasesAsync(handle, Stop), held => held.Address.Equals(lease.Address));
        Assert.Equal(InspectState.Running, (await Subject.Driver.InspectAsync(handle, Stop)).State);
    }

    [Fact]
    public async Task An_account_that_cannot_be_used_is_refused_where_it_is_named_and_done_without_where_it_is_not()
    {
        var plan = await NewPlanAsync([SamplePlans.PooledIPv4Subnet]);
        Subject.Options.User = "nobody-of-this-name";
        var missing = await Assert.ThrowsAsync<DhcpHostException>(() => Subject.Driver.ApplyAsync(plan, null, Stop));
        Assert.Equal(FailureKind.Invalid, missing.Kind);

        var above = Path.GetDirectoryName(Subject.Root)!;
        File.SetUnixFileMode(above, Private);
        Subject.Options.User = Packaged;
        var closed = await Assert.ThrowsAsync<DhcpHostException>(() => Subject.Driver.ApplyAsync(plan, null, Stop));
        Assert.Equal(FailureKind.Invalid, closed.Kind);
        Assert.Contains($"{above} does not let '{Packaged}' through", closed.Message, StringComparison.Ordinal);

        Subject.Options.User = "";
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        Assert.StartsWith("0\t", StatusOf(Assert.Single(Subject.ProcessesOf(plan.Server, 4)))["Uid"], StringComparison.Ordinal);
    }

    private async Task<DhcpPlan> NewPlanAsync(IEnumerable<Abstractions.Networks.Subnet> subnets) =>
        SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), subnets);

    private static Dictionary<string, string> StatusOf(ProcessIdentity process) =>
        File.ReadLines($"/proc/{process.Pid}/status")
            .Select(line => line.Split(":\t", 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
