using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.OpenVSwitch.Tests;

[Collection(OpenVSwitchCollection.Name)]
public sealed class OvsdbOutageTests : IAsyncLifetime
{
    private readonly LinuxLab _lab = new();
    private readonly string _state = Directory.CreateTempSubdirectory("dhcphost-ovs-outage").FullName;
    private readonly OpenVSwitchFixture _ovs;
    private readonly OpenVSwitchInterfaceDriver _driver;

    public OvsdbOutageTests(OpenVSwitchFixture ovs)
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "runs Open vSwitch: run it as root");
        _ovs = ovs;
        _driver = new(new LabPluginContext("openvswitch", _state), new() { OvsdbConnection = ovs.Endpoint }, _lab.Broker);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_of_the_database_is_told_and_survived()
    {
        await using var events = _driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.Contains("Open vSwitch ", await NextHealthAsync(events, isHealthy: true), StringComparison.Ordinal);

        await _ovs.StopDatabaseAsync();
        _ = await NextHealthAsync(events, isHealthy: false);
        var exception = await Assert.ThrowsAsync<DhcpHostException>(() => _driver.PreviewAsync(Plan(), null, Token));
        Assert.Equal(FailureKind.Transient, exception.Kind);
        Assert.StartsWith($"OVSDB at {_ovs.Endpoint} cannot be reached: ", exception.Message, StringComparison.Ordinal);

        await _ovs.StartDatabaseAsync();
        _ = await NextHealthAsync(events, isHealthy: true);
        await Assert.ThrowsAsync<DhcpHostException>(() => _driver.ApplyAsync(Plan(), null, Token));
    }

    [Fact]
    public async Task A_port_that_went_while_the_database_was_out_of_reach_is_told()
    {
        var bridge = _lab.NewName("b");
        await _ovs.AddBridgeAsync(bridge);
        var result = await _driver.ApplyAsync(Plan(bridge), null, Token);
        await using var events = _driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        _ = await NextHealthAsync(events, isHealthy: true);
        await _ovs.StopDatabaseAsync();
        _ = await NextHealthAsync(events, isHealthy: false);
        await _ovs.RestoreEmptyDatabaseAsync();

        while (true)
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
            if (events.Current is DriverEvent.Drifted drift)
            {
                Assert.Equal(result.Handle.Server, drift.Server);
                break;
            }
        }
    }

    [Fact]
    public async Task A_host_without_Open_vSwitch_says_so()
    {
        using var lonely = new OpenVSwitchInterfaceDriver(
            new LabPluginContext("openvswitch", _state), new() { OvsdbConnection = $"unix:{_state}/none.sock" }, _lab.Broker);
        await using var events = lonely.WatchAsync(Token).GetAsyncEnumerator(Token);

        Assert.Equal(
            $"OVSDB at unix:{_state}/none.sock cannot be reached: there is no such socket (is ovsdb-server running?)",
            await NextHealthAsync(events, isHealthy: false));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var handle in await _driver.DiscoverAsync(CancellationToken.None))
        {
            await _driver.RemoveAsync(handle, RemoveReason.NetworkGone, CancellationToken.None);
        }

        _driver.Dispose();
        await _lab.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    private static async Task<string> NextHealthAsync(IAsyncEnumerator<DriverEvent> events, bool isHealthy)
    {
        while (true)
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
            if (events.Current is DriverEvent.HealthChanged { Health: var health } && health.IsHealthy == isHealthy)
            {
                return health.Message;
            }
        }
    }

    private static InterfacePlan Plan(string bridge = "br-none")
    {
        var network = new NetworkId(Guid.NewGuid().ToString());
        return new()
        {
            Server = new(network),
            Network = new() { Id = network, Attachment = new() { Bridge = bridge } },
            HostPort = new() { Id = new(Guid.NewGuid().ToString()), MacAddress = MacAddress.Parse("fa:16:3e:00:00:05") },
        };
    }
}
