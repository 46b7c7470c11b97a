using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Reconciling;

public sealed class InstanceTableTests
{
    private static readonly PortId HostPort = new("host");

    private readonly List<PortId> _asked = [];
    private readonly ManualPolicies _policies = new();
    private readonly InstanceTable _table = new();

    public InstanceTableTests() => _policies.Instances = context =>
    {
        Assert.Empty(context.Network.Ports);
        _asked.Add(context.Port.Id);
        return context.Port.Id.Value == "p1" ? context.Default with { UserData = context.Port.Name } : context.Default;
    };

    [Fact]
    public void Each_port_is_asked_about_once_and_only_what_differs_is_told()
    {
        var network = Network("p1", "p2", "p3");

        var first = Decide(network);
        var second = Decide(network);
        var changed = Decide(network with { Ports = [network.Ports[0] with { Name = "other" }, network.Ports[1], new() { Id = new("p4") }] });

        Assert.Equal(["p1"], first.Select(told => told.PortId.Value));
        Assert.Equal(first, second);
        Assert.Equal("other", Assert.Single(changed).UserData);
        Assert.Equal(["p1", "p2", "p3", "p1", "p4"], _asked.Select(id => id.Value));
    }

    [Fact]
    public void All_are_asked_about_anew_when_the_network_or_the_policies_change()
    {
        _ = Decide(Network("p1", "p2"));
        _ = Decide(Network("p1", "p2") with { Labels = new([new("zone", "b")]) });
        _policies.Changed();
        _ = Decide(Network("p1", "p2") with { Labels = new([new("zone", "b")]) });

        Assert.Equal(6, _asked.Count);
    }

    [Fact]
    public void The_hosts_port_and_those_of_routers_are_no_instances()
    {
        var router = new Port { Id = new("r"), DeviceOwner = DeviceOwners.RouterInterface };
        _ = Decide(Network("p2") with { Ports = [router, new() { Id = HostPort }, new() { Id = new("p2") }] });

        Assert.Equal(["p2"], _asked.Select(id => id.Value));
    }

    private static Network Network(params string[] ports) =>
        new() { Id = new("n"), Ports = ports.Select(id => new Port { Id = new(id), Name = id }).ToEquatableArray() };

    private EquatableArray<Abstractions.Drivers.InstanceMetadata> Decide(Network network) => _table.Decide(network, HostPort, _policies, _ => { });
}
