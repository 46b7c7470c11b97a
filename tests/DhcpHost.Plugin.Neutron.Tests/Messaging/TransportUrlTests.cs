using DhcpHost.Plugin.Neutron.Messaging.Broker;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

public sealed class TransportUrlTests
{
    [Fact]
    public void Every_broker_has_its_own_user_and_password()
    {
        Assert.True(TransportUrl.TryParse("rabbit://a:p%40ss%2f1@one:5673,b:c:d@[fd00::2]:5674,three/my%2fhost?ssl=1\n", out var url, out _));
        Assert.Equal([new("one", 5673, "a", "p@ss/1"), new("fd00::2", 5674, "b", "c:d"), new("three", 5672, "", "")], url.Brokers);
        Assert.Equal("my/host", url.VirtualHost);
        Assert.True(url.Ssl);
    }

    [Theory]
    [InlineData("rabbit://h", "/")]
    [InlineData("rabbit://h/", "/")]
    [InlineData("rabbit://h//", "/")]
    [InlineData("rabbit://h/neutron", "neutron")]
    [InlineData("rabbit://h//?ssl=0", "/")]
    public void The_virtual_host_is_the_path(string text, string expected)
    {
        Assert.True(TransportUrl.TryParse(text, out var url, out _));
        Assert.Equal(expected, url.VirtualHost);
    }

    [Theory]
    [InlineData("", "must begin with rabbit://")]
    [InlineData("http://h", "must begin with rabbit://")]
    [InlineData("rabbit://", "must name a broker")]
    [InlineData("rabbit://u:secret@h:port", "must name brokers as user:password@host:port; number 1 is not of that form")]
    [InlineData("rabbit://a,u:secret@h:70000/", "must name brokers as user:password@host:port; number 2 is not of that form")]
    [InlineData("rabbit://u:secret@ho st/", "must name brokers as user:password@host:port; number 1 is not of that form")]
    [InlineData("rabbit://h/?heartbeat_rate=3", "must have no option but ssl after the question mark: write heartbeat_rate as a key of its own")]
    [InlineData("rabbit://h/?ssl=perhaps", "must have ssl=1 or ssl=0 after the question mark")]
    public void What_is_wrong_is_said_without_the_password(string text, string expected)
    {
        Assert.False(TransportUrl.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void An_address_in_a_log_has_no_password() => Assert.Equal("[fd00::2]:5672", new BrokerAddress("fd00::2", 5672, "user", "secret").ToString());
}
