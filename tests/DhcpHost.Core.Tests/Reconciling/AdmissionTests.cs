using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Reconciling;

namespace DhcpHost.Core.Tests.Reconciling;

public sealed class AdmissionTests
{
    private readonly Admission _admission = new();

    [Fact]
    public void A_lowered_limit_tells_no_more_networks_to_go_than_are_too_many()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(Enter(i, maxNetworks: 5));
        }

        // None that was told to go has given its place back yet.
        var told = Enumerable.Range(0, 5).Where(i => Enter(i, maxNetworks: 3) is not null).ToList();

        Assert.Equal(2, told.Count);
        Assert.Equal("networks", Enter(9, maxNetworks: 5));
        Assert.All(told, i => Assert.Equal("networks", Enter(i, maxNetworks: 3)));
        told.ForEach(i => _admission.Leave(Id(i)));
        Assert.Equal(3, _admission.Networks);
        Assert.Equal("networks", Enter(9, maxNetworks: 3));
    }

    [Fact]
    public void A_lowered_limit_of_servers_does_the_same()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(Enter(i, maxServers: 4));
        }

        Assert.Equal(1, Enumerable.Range(0, 4).Count(i => Enter(i, maxServers: 3) is "servers"));
    }

    [Fact]
    public void One_that_was_told_to_go_may_stay_where_the_limit_is_raised_again()
    {
        Assert.Null(Enter(0));
        Assert.Null(Enter(1));
        Assert.Equal("networks", Enter(0, maxNetworks: 1));
        Assert.Null(Enter(0, maxNetworks: 2));
        Assert.Equal("networks", Enter(1, maxNetworks: 1));
    }

    private static NetworkId Id(int number) => new($"n{number}");

    private string? Enter(int number, int maxNetworks = 100, int maxServers = 100) =>
        _admission.TryEnter(Id(number), [(new ServerKey(Id(number)), DriverKind.Dhcp)], maxNetworks, maxServers);
}
