using DhcpHost.Abstractions.Options;

namespace DhcpHost.Abstractions.Tests.Options;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0B", 0L, "0B")]
    [InlineData("512B", 512L, "512B")]
    [InlineData("64KiB", 65_536L, "64KiB")]
    [InlineData("64 MiB", 67_108_864L, "64MiB")]
    [InlineData("1024MiB", 1_073_741_824L, "1GiB")]
    [InlineData("1GB", 1_000_000_000L, "1000000000B")]
    [InlineData("8388607TiB", 9_223_370_937_343_148_032L, "8388607TiB")]
    public void A_size_is_read_and_written_back(string text, long bytes, string written)
    {
        var size = ByteSize.Parse(text, null);

        Assert.Equal(bytes, size.Bytes);
        Assert.Equal(written, size.ToString());
        Assert.Equal(size, ByteSize.Parse(size.ToString(), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("64")]
    [InlineData("MiB")]
    [InlineData("-1B")]
    [InlineData("1.5MiB")]
    [InlineData("1mib")]
    [InlineData("99999999TiB")]
    [InlineData("99999999999999999999B")]
    public void What_has_no_unit_or_does_not_fit_is_refused(string text)
    {
        Assert.False(ByteSize.TryParse(text, null, out _));
        Assert.Contains("64MiB", Assert.Throws<FormatException>(() => ByteSize.Parse(text, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_ordered_by_their_bytes()
    {
        Assert.True(ByteSize.FromKibibytes(1) < ByteSize.FromMebibytes(1));
        Assert.Equal(1, ByteSize.FromMebibytes(1).CompareTo((object)ByteSize.FromKibibytes(1)));
    }
}
