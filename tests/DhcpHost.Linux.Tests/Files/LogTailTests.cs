using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Tests.Files;

public sealed class LogTailTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData("", 10, "")]
    [InlineData("one\ntwo\n", 8, "one\ntwo")]
    [InlineData("one\ntwo\n", 7, "two")]
    [InlineData("one\ntwo\nthree\n", 10, "three")]
    [InlineData("a line without an end", 3, "end")]
    public void It_begins_with_a_line_where_there_is_one(string text, int length, string expected)
    {
        File.WriteAllText(_path, text);
        Assert.Equal(expected, LogTail.Read(_path, length));
    }

    [Fact]
    public void A_log_that_is_not_there_says_nothing()
    {
        File.Delete(_path);
        Assert.Equal("", LogTail.Read(_path, 10));
    }

    public void Dispose() => File.Delete(_path);
}
