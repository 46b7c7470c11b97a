using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Kea.Tests.Conformance;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Kea.Tests.Server;

/// <summary>What is Kea's own, with real servers.</summary>
public sealed class KeaDriverTests : IAsyncLifetime
{
    private KeaSubject? _subject;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private KeaSubject Subject => _subject!;

    public ValueTask InitializeAsync()
    {
        _subject = new();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await Subject.DisposeAsync();

    [Fact]
    public async Task A_network_of_both_families_has_a_pair_and_each_comes_and_goes_with_its_subnets()
    {
        var binding = await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop);
        var both = SamplePlans.Make("n1", binding, [SamplePlans.PooledIPv4Subnet, SamplePlans.IPv6Subnet]);
        var one = SamplePlans.Make("n1", binding);

        var handle = (await Subject.Driver.ApplyAsync(both, null, Stop)).Handle;
        var first = Assert.Single(Subject.ProcessesOf(both.Server, 4));
        _ = Assert.Single(Subject.ProcessesOf(both.Server, 6));
        var less = await Subject.Driver.ApplyAsync(one, handle, Stop);

        Assert.Equal(ApplyAction.Reloaded, less.Action);
        Assert.Empty(Subject.ProcessesOf(both.Server, 6));
        Assert.Equal(first, Assert.Single(Subject.ProcessesOf(both.Server, 4)));
        Assert.Equal(InspectState.Running, (await Subject.Driver.InspectAsync(less.Handle, Stop)).State);
        Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(one, less.Handle, Stop)).Action);
    }

    [Fact]
    public async Task Files_are_their_server_s_alone_and_one_that_somebody_changed_is_drift_and_is_put_right()
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var config = Subject.ConfigOf(plan.Server, 4);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(config));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.GetDirectoryName(config)!));
        await File.AppendAllTextAsync(config, " ", Stop);

        var drifted = await Subject.Driver.InspectAsync(handle, Stop);
        var result = await Subject.Driver.ApplyAsync(plan, handle, Stop);

        Assert.Equal(InspectState.Drifted, drifted.State);
        Assert.Equal(ApplyAction.Reloaded, result.Action);
        Assert.Equal(InspectState.Running, (await Subject.Driver.InspectAsync(handle, Stop)).State);
    }

    [Fact]
    public async Task A_server_whose_control_socket_is_gone_is_drift_and_is_started_anew_with_its_leases()
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [SamplePlans.PooledIPv4Subnet]);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var before = Assert.Single(Subject.ProcessesOf(plan.Server, 4));
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)), null);
        _ = await client.LeaseAsync(Stop);
        File.Delete(Subject.SocketOf(plan.Server, 4));

        var drifted = await Subject.Driver.InspectAsync(handle, Stop);
        Assert.Single(await Subject.Driver.ListLeasesAsync(handle, Stop));
        var result = await Subject.Driver.ApplyAsync(plan, handle, Stop);

        Assert.Equal(InspectState.Drifted, drifted.State);
        Assert.Contains("control socket", drifted.Reason, StringComparison.Ordinal);
        Assert.Equal(ApplyAction.Restarted, result.Action);
        Assert.NotEqual(before, Assert.Single(Subject.ProcessesOf(plan.Server, 4)));
        Assert.Single(await Subject.Driver.ListLeasesAsync(result.Handle, Stop));
        Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(plan, result.Handle, Stop)).Action);
    }

    [Fact]
    public async Task Options_with_tags_reach_the_clients_that_have_them_and_one_port_can_do_without()
    {
        var subnet = SamplePlans.IPv4Subnet with { DhcpOptions = [new("234", "all"), new("tag:ipxe,234", "ipxe"), new("235", "all")] };
        var without = SamplePlans.Port(8, new ExtraDhcpOption("235", null));
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [subnet], SamplePlans.Port(7), without);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        async Task<(string?, string?)> AskAsync(int number, params string[] arguments)
        {
            await using var client = new UdhcpcClient(
                Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number)), ["234", "235"], arguments);
            var lease = await client.LeaseAsync(Stop);
            return (lease["opt234"], lease["opt235"]);
        }

        Assert.Equal(("616c6c", "616c6c"), await AskAsync(7));
        Assert.Equal(("69707865", null), await AskAsync(8, "-x", "0xaf:01"));
    }
}
