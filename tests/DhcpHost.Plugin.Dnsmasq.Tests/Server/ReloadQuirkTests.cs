using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Server;
using DhcpHost.Plugin.Dnsmasq.Tests.Conformance;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

/// <summary>dnsmasq 2.86 to 2.90 dies of a reload after it served a client whose host line has a tag.</summary>
public sealed class ReloadQuirkTests : IAsyncLifetime
{
    private static readonly ExtraDhcpOption Option = new("ntp-server", "10.77.0.9");

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
    public async Task The_bare_server_dies_where_its_version_is_known_for_it()
    {
        var (plan, client) = await ServeTaggedClientAsync();
        await using var _ = client;
        var health = await FirstHealthAsync();
        var identity = Assert.Single(Subject.ProcessesOf(plan.Server));
        using var server = Subject.Lab.Watcher.Adopt(identity).Process!;

        // What neutron-dhcp-agent does on every change of a port.
        Assert.True(server.Signal(ProcessSignal.Hangup));
        await using var again = new UdhcpcClient(Subject.Lab, client.Station);
        var lease = await again.RequestAsync(Stop, TimeSpan.FromSeconds(10));

        var version = health.Message.Split(' ')[1];
        Assert.Equal(Quirks.Of(version).ReloadFreesTags, server.HasExited);
        Assert.Equal(!Quirks.Of(version).ReloadFreesTags, lease is not null);
    }

    [Fact]
    public async Task Under_the_driver_the_same_change_harms_nobody()
    {
        var (plan, client) = await ServeTaggedClientAsync();
        await using var _ = client;
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;

        for (var number = 60; number < 65; number++)
        {
            plan = plan.WithPorts([.. plan.Network.Ports, SamplePlans.Port(number, Option)]);
            var result = await Subject.Driver.ApplyAsync(plan, handle, Stop);
            handle = result.Handle;
            var renewed = await client.RenewAsync(Stop);

            Assert.Equal("10.77.0.50", renewed?.Address?.ToString());
            Assert.Equal(InspectState.Running, (await Subject.Driver.InspectAsync(handle, Stop)).State);
            Assert.Equal(1, Subject.CountServers(plan.Server));
        }

        Assert.Contains(await Subject.Driver.ListLeasesAsync(handle, Stop), lease => lease.Address.ToString() == "10.77.0.50");
    }

    [Fact]
    public async Task A_server_without_tags_is_reloaded()
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, SamplePlans.Port(50));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await using var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(50)));
        _ = await client.LeaseAsync(Stop);

        var changed = await Subject.Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(50), SamplePlans.Port(51)), handle, Stop);

        Assert.Equal(ApplyAction.Reloaded, changed.Action);
        Assert.Equal("10.77.0.50", (await client.RenewAsync(Stop))?.Address?.ToString());
    }

    private async Task<(DhcpPlan Plan, UdhcpcClient Client)> ServeTaggedClientAsync()
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, SamplePlans.Port(50, Option));
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        var client = new UdhcpcClient(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(50)), ["ntpsrv"]);
        var lease = await client.LeaseAsync(Stop);
        Assert.Equal("10.77.0.50", lease.Address?.ToString());
        Assert.Equal("10.77.0.9", lease["ntpsrv"]);
        return (plan, client);
    }

    private async Task<DriverHealth> FirstHealthAsync()
    {
        await foreach (var notice in Subject.Driver.WatchAsync(Stop))
        {
            return Assert.IsType<DriverEvent.HealthChanged>(notice).Health;
        }

        throw new InvalidOperationException("the watch told nothing");
    }
}
