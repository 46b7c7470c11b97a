using DhcpHost.Logging;
using NLog;

namespace DhcpHost.Tests.Logging;

public sealed class LogLinesTests
{
    [Fact]
    public void The_terminal_shows_time_level_network_and_the_last_part_of_the_category()
    {
        var entry = LogEventInfo.Create(LogLevel.Warn, "DhcpHost.Core.Engine", "it broke");
        entry.TimeStamp = new(2026, 1, 2, 3, 4, 5, 678);
        entry.Properties["Network"] = "lab";
        Assert.Equal("03:04:05.678 WRN lab          Engine: it broke", LogLines.ForTerminal(entry, hasColor: false));
        Assert.Contains("\u001b[33mWRN\u001b[0m", LogLines.ForTerminal(entry, hasColor: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_cannot_begin_a_line_or_steer_the_terminal()
    {
        var entry = LogEventInfo.Create(LogLevel.Info, "A.B", "x\n<0>forged\u001b[2J\u2028\u202E");
        entry.Properties["Network"] = "a\rb";
        foreach (var line in new[] { LogLines.ForTerminal(entry, hasColor: false), LogLines.ForJournal(entry) })
        {
            Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u202E');
            Assert.Contains("x\\x0A<0>forged\\x1B[2J\\x2028\\x202E", line, StringComparison.Ordinal);
            Assert.Contains("a\\x0Db", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Trace", 7)]
    [InlineData("Debug", 7)]
    [InlineData("Info", 6)]
    [InlineData("Warn", 4)]
    [InlineData("Error", 3)]
    [InlineData("Fatal", 2)]
    public void Every_line_for_the_journal_begins_with_its_level(string level, int priority)
    {
        var entry = LogEventInfo.Create(LogLevel.FromString(level), "A.B", new InvalidOperationException("one\ntwo"), null, "text");
        Assert.All(LogLines.ForJournal(entry).Split('\n'), line => Assert.StartsWith($"<{priority}>", line, StringComparison.Ordinal));
    }
}
