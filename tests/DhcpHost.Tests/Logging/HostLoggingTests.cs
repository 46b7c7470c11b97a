using System.Text.Json;
using DhcpHost.Abstractions.Options;
using DhcpHost.Logging;
using DhcpHost.Testing;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Tests.Logging;

public sealed class HostLoggingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_line_of_the_file_is_json_with_level_category_network_and_exception()
    {
        using (var logging = Start(new()))
        {
            var logger = logging.Factory.CreateLogger("DhcpHost.Core.Engine");
            using (logger.BeginScope(new Dictionary<string, object> { ["Network"] = "lab" }))
            {
                logger.LogWarning(new InvalidOperationException("boom"), "Server {Server} is gone\nreally", "s1");
            }

            logger.LogError("Port of {Network} is wrong", "net-2");
        }

        var lines = ReadLines();
        var first = lines[0].RootElement;
        Assert.Equal("warning", first.GetProperty("level").GetString());
        Assert.Equal("DhcpHost.Core.Engine", first.GetProperty("category").GetString());
        Assert.Equal("lab", first.GetProperty("network").GetString());
        Assert.Equal("Server s1 is gone\nreally", first.GetProperty("message").GetString());
        Assert.Contains("boom", first.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal("s1", first.GetProperty("properties").GetProperty("Server").GetString());
        Assert.True(DateTimeOffset.TryParse(first.GetProperty("time").GetString(), out _));
        Assert.Equal("net-2", lines[1].RootElement.GetProperty("network").GetString());
    }

    [Fact]
    public void The_longest_category_decides_and_levels_change_at_run_time()
    {
        using (var logging = Start(
            new() { Levels = new Dictionary<string, LogThreshold> { ["DhcpHost.Core"] = LogThreshold.Error, ["DhcpHost.Core.Queue"] = LogThreshold.Debug } }))
        {
            var (core, queue, other, quartz) = (
                logging.Factory.CreateLogger("DhcpHost.Core.Engine"), logging.Factory.CreateLogger("DhcpHost.Core.Queue"),
                logging.Factory.CreateLogger("DhcpHost.CoreOther"), logging.Factory.CreateLogger("Quartz.Core.X"));
            core.LogWarning("no 1");
            queue.LogDebug("yes 1");
            queue.LogTrace("no 2");
            other.LogInformation("yes 2");
            other.LogDebug("no 3");
            quartz.LogInformation("no 4");
            quartz.LogWarning("yes 3");
            Assert.False(core.IsEnabled(LogLevel.Warning));
            logging.Apply(Options(new() { Level = LogThreshold.Debug }));
            core.LogDebug("yes 4");
            logging.Apply(Options(new() { Level = LogThreshold.Off }));
            core.LogCritical("no 5");
        }

        Assert.Equal(["yes 1", "yes 2", "yes 3", "yes 4"], ReadLines().Select(line => line.RootElement.GetProperty("message").GetString()));
    }

    [Fact]
    public void A_file_that_grows_is_put_aside_and_only_so_many_are_kept()
    {
        var options = Options(new());
        options.File.MaxSize = ByteSize.FromKibibytes(64);
        options.File.Keep = 2;
        options.File.Queue = 100;
        options.File.WhenFull = LogOverflow.Wait;
        using (var logging = new HostLogging(options, new(false, false), _directory))
        {
            var logger = logging.Factory.CreateLogger("DhcpHost");
            for (var i = 0; i < 3000; i++)
            {
                logger.LogInformation("{Number} {Filler}", i, new string('x', 100));
            }
        }

        var files = Directory.GetFiles(_directory);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 128 * 1024));
    }

    [Fact]
    public async Task Lines_that_a_full_queue_drops_are_counted()
    {
        var options = Options(new());
        options.File.Queue = 100;
        using var counter = new DropCounter();
        using var logging = new HostLogging(options, new(false, false), _directory);
        var logger = logging.Factory.CreateLogger("DhcpHost");
        await Eventually.TrueAsync(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                logger.LogInformation("line {Number}", i);
            }

            return counter.Count > 0;
        }, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_and_its_lines_are_counted_until_it_can()
    {
        var file = Path.Combine(_directory, "host.log");
        _ = Directory.CreateDirectory(file);
        using var counter = new DropCounter();
        using var logging = Start(new());
        var logger = logging.Factory.CreateLogger("DhcpHost");
        logger.LogInformation("lost");

        await Eventually.TrueAsync(() => logging.FileProblem is not null, cancellationToken: TestContext.Current.CancellationToken);
        Assert.StartsWith($"{file} cannot be written: ", logging.FileProblem, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => counter.Count > 0, cancellationToken: TestContext.Current.CancellationToken);

        Directory.Delete(file);
        await Eventually.TrueAsync(
            () =>
            {
                logger.LogInformation("written");
                return logging.FileProblem is null;
            },
            cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => File.ReadAllText(file).Contains("written again", StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
    }

    private static LoggingOptions Options(LoggingOptions options)
    {
        options.Console = ConsoleFormat.Off;
        options.File.Path = "host.log";
        return options;
    }

    private HostLogging Start(LoggingOptions options) => new(Options(options), new(IsJournal: false, HasColor: false), _directory);

    private List<JsonDocument> ReadLines() => [.. File.ReadLines(Path.Combine(_directory, "host.log")).Select(line => JsonDocument.Parse(line))];
}
