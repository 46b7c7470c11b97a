using System.Net;
using DhcpHost.Dhcp.RouterAdvertisements;

namespace DhcpHost.Dhcp.Tests.RouterAdvertisements;

public sealed class RouterAdvertisementCodecTests
{
    [Fact]
    public void An_advertisement_is_written_as_RFC_4861_and_RFC_8106_draw_it()
    {
        var buffer = new byte[256];
        var length = RouterAdvertisementCodec.Write(
            new()
            {
                IsManaged = true,
                HasOtherConfiguration = true,
                SourceLinkLayerAddress = new byte[] { 1, 2, 3, 4, 5, 6 },
                Mtu = 1450,
                Prefixes = [new(IPNetwork.Parse("fd77::/64"), true, 3600, 1800)],
                DnsServers = [IPAddress.Parse("fd77::53")],
                SearchDomain = "\u0001a\0"u8.ToArray(),
                DnsLifetime = 1800,
            },
            buffer);

        Assert.Equal(
            "86000000" + "40C00000" + "00000000" + "00000000"
            + "0101010203040506"
            + "05010000000005AA"
            + "030440C0" + "00000E10" + "00000708" + "00000000" + "FD770000000000000000000000000000"
            + "1903000000000708" + "FD770000000000000000000000000053"
            + "1F02000000000708" + "0161000000000000",
            Convert.ToHexString(buffer.AsSpan(0, length)));
        Assert.Equal(0, RouterAdvertisementCodec.Write(new() { Mtu = 1450 }, new byte[20]));
    }

    [Theory]
    [InlineData("8500000000000000", true, true)]
    [InlineData("85000000000000000101010203040506", false, true)]
    [InlineData("85000000000000000101010203040506", true, false)]
    [InlineData("85000000000000000100010203040506", false, false)]
    [InlineData("85000000000000000102010203040506", false, false)]
    [InlineData("8501000000000000", false, false)]
    [InlineData("8600000000000000", false, false)]
    [InlineData("850000000000", false, false)]
    public void A_solicitation_is_one_only_if_it_is_whole(string hex, bool isSourceUnspecified, bool expected) =>
        Assert.Equal(expected, RouterAdvertisementCodec.IsSolicitation(Convert.FromHexString(hex), isSourceUnspecified));
}
