using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

public sealed class V6OptionEncoderTests
{
    [Theory]
    [InlineData("dns-server", "[fd77::1],fd77::2", 23, "FD770000000000000000000000000001FD770000000000000000000000000002")]
    [InlineData("domain-search", "a.example,b", 24, "0161076578616D706C6500016200")]
    [InlineData(
        "ntp-server",
        "fd77::1,ff05::101,t.example",
        56,
        "00010010FD77000000000000000000000000000100020010FF050000000000000000000000000101000300" + "0B0174076578616D706C6500")]
    [InlineData("information-refresh-time", "3600", 32, "00000E10")]
    [InlineData("bootfile-url", "tftp://[fd77::1]/x", 59, "746674703A2F2F5B666437373A3A315D2F78")]
    [InlineData("60", "a,bc", 60, "00016100026263")]
    [InlineData("1000", "7", 1000, "07")]
    [InlineData("1000", "700", 1000, "02BC")]
    [InlineData("1000", "01:ff", 1000, "01FF")]
    [InlineData("1000", "text", 1000, "74657874")]
    [InlineData("1000", "", 1000, "")]
    public void A_value_becomes_the_bytes_that_its_option_takes(string name, string value, int code, string hex)
    {
        Assert.Null(V6OptionEncoder.FindFault(name, value, out var found, out var data));
        Assert.Equal((code, hex), ((int)found, Convert.ToHexString(data)));
    }

    [Theory]
    [InlineData("dns-server", "10.0.0.1", "its value is not a list of IPv6 addresses")]
    [InlineData("domain-search", "a..b", "its value is not a list of domain names")]
    [InlineData("nothing", "x", "there is no DHCPv6 option 'nothing'; use its number, from 1 to 65535")]
    [InlineData("0", "x", "there is no DHCPv6 option '0'; use its number, from 1 to 65535")]
    [InlineData("2", "x", "option 2 is the protocol's own (RFC 8415); leave it out")]
    [InlineData("information-refresh-time", "soon", "its value is not a number of seconds")]
    public void What_an_option_does_not_take_is_refused_in_words(string name, string value, string fault) =>
        Assert.Equal(fault, V6OptionEncoder.FindFault(name, value, out Dhcpv6OptionCode _, out byte[] _));
}
