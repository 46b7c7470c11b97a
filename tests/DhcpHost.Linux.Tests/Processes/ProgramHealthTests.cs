using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Linux.Tests.Processes;

/// <summary>A driver's program comes, changes and goes while the host runs.</summary>
public sealed class ProgramHealthTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-program-").FullName;
    private readonly EpollLoop _loop = new("test");
    private readonly Channel<DriverEvent> _events = Channel.CreateUnbounded<DriverEvent>();

    private string Program => Path.Combine(_directory, "program");

    [Fact]
    public async Task It_is_told_first_and_whenever_the_program_comes_changes_or_goes()
    {
        await using var events = Watch();
        Assert.Equal(new(false, "it is not there"), await NextHealthAsync(events));

        Install("1.0");
        Assert.Equal(new(true, "1.0"), await NextHealthAsync(events));

        Install("1.1");
        Assert.Equal(new(true, "1.1"), await NextHealthAsync(events));

        File.Delete(Program);
        Assert.Equal(new(false, "it is not there"), await NextHealthAsync(events));
    }

    [Fact]
    public async Task Other_events_are_passed_on_and_a_look_that_finds_the_same_is_not_told()
    {
        await using var events = Watch();
        _ = await NextHealthAsync(events);
        var exited = new DriverEvent.ServerExited(new(new NetworkId("n1")), new(1, null, "it ended"));
        _events.Writer.TryWrite(new DriverEvent.HealthChanged(new(true, "")));
        _events.Writer.TryWrite(exited);

        Assert.True(await events.MoveNextAsync());
        Assert.Same(exited, events.Current);
    }

    public void Dispose()
    {
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Install(string version)
    {
        File.WriteAllText($"{Program}.new", version);
        File.Move($"{Program}.new", Program, overwrite: true);
    }

    private IAsyncEnumerator<DriverEvent> Watch() => ProgramHealth.WatchAsync(
        _events,
        ProgramPath.DirectoriesOf(Program),
        async stop => File.Exists(Program) ? await File.ReadAllTextAsync(Program, stop) : throw new DhcpHostException(FailureKind.Transient, "it is not there"),
        _loop,
        TimeProvider.System,
        TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<DriverHealth> NextHealthAsync(IAsyncEnumerator<DriverEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        return Assert.IsType<DriverEvent.HealthChanged>(events.Current).Health;
    }
}
