using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Tests.Drivers;

public sealed class DnsForwarderTests
{
    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53", 53, "", "192.0.2.53")]
    [InlineData("192.0.2.53#53", "192.0.2.53", 53, "", "192.0.2.53")]
    [InlineData("8.8.8.8#5353", "8.8.8.8", 5353, "", "8.8.8.8#5353")]
    [InlineData("8.8.8.8#65535", "8.8.8.8", 65535, "", "8.8.8.8#65535")]
    [InlineData("2001:DB8::53", "2001:db8::53", 53, "", "2001:db8::53")]
    [InlineData("2001:db8::53#1", "2001:db8::53", 1, "", "2001:db8::53#1")]
    [InlineData("::ffff:192.0.2.1#54", "::ffff:192.0.2.1", 54, "", "::ffff:192.0.2.1#54")]
    [InlineData("fe80::1%tap0", "fe80::1", 53, "tap0", "fe80::1%tap0")]
    [InlineData("fe80::1%no-such.nic_1#5353", "fe80::1", 5353, "no-such.nic_1", "fe80::1%no-such.nic_1#5353")]
    public void A_server_is_read_and_written_as_dnsmasq_does(string text, string address, int port, string device, string written)
    {
        var forwarder = DnsForwarder.Parse(text);

        Assert.Equal((IPAddress.Parse(address), port, device), (forwarder.Address, forwarder.Port, forwarder.Device));
        Assert.Equal(written, forwarder.ToString());
        Assert.Equal(forwarder, DnsForwarder.Parse(written));
        Assert.Equal(port == 53 && device.Length == 0, forwarder.IsPlain);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 8.8.8.8")]
    [InlineData("8.8.8.8 ")]
    [InlineData("8.8.8.8\n")]
    [InlineData("8.8.8.8,9.9.9.9")]
    [InlineData("8.8")]
    [InlineData("010.0.0.1")]
    [InlineData("0x8.8.8.8")]
    [InlineData("134744072")]
    [InlineData("dns.example")]
    [InlineData("/example.com/8.8.8.8")]
    [InlineData("8.8.8.8:53")]
    [InlineData("[2001:db8::53]#53")]
    [InlineData("[2001:db8::53]:53")]
    [InlineData("2001:db8::/64")]
    [InlineData("8.8.8.8#")]
    [InlineData("8.8.8.8#0")]
    [InlineData("8.8.8.8#65536")]
    [InlineData("8.8.8.8#-1")]
    [InlineData("8.8.8.8#+53")]
    [InlineData("8.8.8.8# 53")]
    [InlineData("8.8.8.8#53#53")]
    [InlineData("8.8.8.8#53@eth0")]
    [InlineData("8.8.8.8@eth0")]
    [InlineData("8.8.8.8%eth0")]
    [InlineData("2001:db8::53%eth0")]
    [InlineData("fe80::1%")]
    [InlineData("fe80::1%eth0%eth1")]
    [InlineData("fe80::1%a/b")]
    [InlineData("fe80::1%..")]
    [InlineData("fe80::1%a b")]
    [InlineData("fe80::1%é")]
    [InlineData("fe80::1%sixteen-letters1")]
    [InlineData("fe80::1#53%eth0")]
    public void Text_that_is_no_server_is_refused(string text)
    {
        Assert.False(DnsForwarder.TryParse(text, null, out _));
        Assert.Contains("192.0.2.53#5353", Assert.Throws<FormatException>(() => DnsForwarder.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsForwarder(IPAddress.Loopback, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsForwarder(IPAddress.Loopback, 65536));
        Assert.Throws<ArgumentException>(() => new DnsForwarder(IPAddress.Loopback, 53, "tap0"));
        Assert.Throws<ArgumentException>(() => new DnsForwarder(IPAddress.Parse("fe80::1"), 53, "tap0 --evil"));
    }

    [Fact]
    public void What_was_written_for_contract_1_0_means_what_it_meant()
    {
        var old = new ServerOptions { DnsForwarders = [IPAddress.Parse("192.0.2.53"), IPAddress.Parse("2001:db8::53")] };
        Assert.Equal("192.0.2.53 2001:db8::53", string.Join(' ', old.Forwarders));
        Assert.Equal(old, new() { Forwarders = [DnsForwarder.Parse("192.0.2.53"), DnsForwarder.Parse("2001:db8::53")] });

        var mixed = new ServerOptions { Forwarders = [DnsForwarder.Parse("8.8.8.8#5353"), DnsForwarder.Parse("192.0.2.53")] };
        Assert.Equal([IPAddress.Parse("192.0.2.53")], mixed.DnsForwarders);
        Assert.Equal("9.9.9.9", string.Join(' ', (mixed with { DnsForwarders = [IPAddress.Parse("9.9.9.9")] }).Forwarders));
    }

    [Fact]
    public void Json_has_each_server_once_as_its_text()
    {
        var options = new ServerOptions { Forwarders = [DnsForwarder.Parse("8.8.8.8#5353"), DnsForwarder.Parse("192.0.2.53")] };

        var json = JsonSerializer.Serialize(options, ModelJson.Options);

        Assert.Contains("\"dns_forwarders\":[\"8.8.8.8#5353\",\"192.0.2.53\"]", json, StringComparison.Ordinal);
        Assert.Equal(options, JsonSerializer.Deserialize<ServerOptions>(json, ModelJson.Options));
    }
}
