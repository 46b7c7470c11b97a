using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Messaging.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

public sealed class BrokerLinkTests
{
    [Fact]
    public void The_waits_grow_by_steps_up_to_the_maximum() =>
        Assert.Equal([0, 1, 3, 5, 7, 9], Enumerable.Range(0, 6).Select(failures => Link(new() { RabbitIntervalMax = 9 }).Wait(failures).TotalSeconds));

    [Fact]
    public void A_very_long_outage_does_not_overflow_the_wait() =>
        Assert.Equal(30, Link(new() { RabbitRetryBackoff = 86_400 }).Wait(int.MaxValue).TotalSeconds);

    [Fact]
    public void The_splay_is_added_to_each_wait()
    {
        var waits = Enumerable.Range(0, 100).Select(_ => Link(new() { KombuReconnectSplay = 5 }).Wait(1).TotalSeconds).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, 1, 6));
        Assert.True(waits.Distinct().Count() > 50);
    }

    private static BrokerLink Link(RabbitOptions options) => new(
        new(new(), "test", 1, 1, NullLogger.Instance), new NoUser(), options, "test", TimeProvider.System, NullLogger.Instance);

    private sealed class NoUser : ILinkUser
    {
        public Task OpenAsync(BrokerSession session, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task OnReadyAsync(BrokerSession session, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task OnUnavailableAsync(string reason, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task CloseAsync(BrokerSession session, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
