using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

/// <summary>From one metadata driver to another: at no time is a network without its proxy.</summary>
public sealed class MetadataSwitchTests : IDisposable
{
    private readonly World _world = new();
    private readonly FakeThings<MetadataPlan> _others = new();
    private readonly ManualPolicies _policies = new();
    private readonly Network _network = Sample.Network("a") with { Metadata = MetadataMode.Forced };

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_new_drivers_proxy_is_there_before_the_old_ones_goes()
    {
        await using var life = await StartAsync();
        var wereThere = new List<bool>();
        life.Metadata.BeforeCall = (call, _) =>
        {
            if (call.Operation == FakeOperation.Remove)
            {
                wereThere.Add(!_others.Made.IsEmpty);
            }

            return Task.CompletedTask;
        };

        await SwitchAsync(life, new("other"));

        await Soon.TrueAsync(() => _world.Proxies.Made.IsEmpty && !_others.Made.IsEmpty);
        Assert.Equal([true], wereThere);
        await life.PhaseAsync(_network.Id, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_new_driver_that_fails_leaves_the_old_proxy_where_it_is()
    {
        await using var life = await StartAsync(
            other => other.BeforeCall = (call, _) => call.Operation == FakeOperation.Apply
                ? throw new DhcpHostException(FailureKind.Transient, "not today")
                : Task.CompletedTask);

        await SwitchAsync(life, new("other"));

        await life.PhaseAsync(_network.Id, NetworkPhase.Retrying);
        _ = Assert.Single(_world.Proxies.Made);
        Assert.Empty(_others.Made);
    }

    [Fact]
    public async Task Without_a_driver_any_more_the_proxy_goes()
    {
        await using var life = await StartAsync();

        await SwitchAsync(life, null);

        await Soon.TrueAsync(() => _world.Proxies.Made.IsEmpty);
        Assert.Empty(_others.Made);
    }

    private async Task<HostLife> StartAsync(Action<FakeMetadataDriver>? configure = null)
    {
        _world.Source.Networks[_network.Id] = _network;
        var life = new HostLife(_world, policies: _policies);
        var other = new FakeMetadataDriver(_others, "other");
        configure?.Invoke(other);
        life.Registry.Loaded.Add(other);
        await life.Engine.StartAsync(TestContext.Current.CancellationToken);
        await life.PhaseAsync(_network.Id, NetworkPhase.Ready);
        _ = Assert.Single(_world.Proxies.Made);
        return life;
    }

    private async Task SwitchAsync(HostLife life, DriverId? metadata)
    {
        _policies.Drivers = context => context.Default with { Metadata = metadata };
        _policies.Changed();
        var answer = await life.Engine.ResyncAllAsync("test", TestContext.Current.CancellationToken);
        Assert.True(answer.IsDone, answer.Message);
    }
}
