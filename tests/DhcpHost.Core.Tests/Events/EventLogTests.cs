using System.Globalization;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Core.Tests.Events;

public sealed class EventLogTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-events-").FullName;
    private readonly EngineMetrics _metrics = new();
    private StateStore _state = null!;
    private EventLog _log = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _state = new(_directory, () => new LimitsOptions(), TimeProvider.System, NullLogger<StateStore>.Instance);
        _log = new(_state, _metrics, TimeProvider.System, NullLogger<EventLog>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        _metrics.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Events_from_before_the_state_file_was_open_are_in_the_history_with_sequences_that_continue()
    {
        _log.Record(EventSeverity.Info, "early", null, "one");
        Assert.Equal("early", Assert.Single(await _log.ListAsync(null, 10, Token)).Kind);
        await OpenAsync();
        _log.Record(EventSeverity.Info, "late", new("a"), "two");
        await _state.DisposeAsync();

        await InitializeAsync();
        await OpenAsync();
        _log.Record(EventSeverity.Info, "later", new("b"), "three");
        Assert.Equal([3, 2, 1], (await _log.ListAsync(null, 10, Token)).Select(one => one.Sequence));
        Assert.Equal("late", Assert.Single(await _log.ListAsync(new("a"), 10, Token)).Kind);
        Assert.Equal([3, 2], (await _log.ListAsync(null, 2, Token)).Select(one => one.Sequence));
    }

    [Fact]
    public async Task A_follower_that_does_not_keep_up_loses_the_oldest_and_is_told_how_many()
    {
        await OpenAsync();
        await using var follower = _log.FollowAsync(Token).GetAsyncEnumerator(Token);
        var first = follower.MoveNextAsync();
        for (var number = 1; number <= 1_501; number++)
        {
            _log.Record(EventSeverity.Info, "test", null, $"{number}");
        }

        Assert.True(await first);
        var seen = new List<HostEvent> { follower.Current };
        while (seen[^1].Message != "1501" && await follower.MoveNextAsync())
        {
            seen.Add(follower.Current);
        }

        // In one word or in two: the first read may wake while events still come.
        var told = seen.Where(one => one.Kind == EventLog.DroppedKind).ToList();
        var lost = 1_501 - (seen.Count - told.Count);
        Assert.InRange(lost, 500, 501);
        Assert.Equal(lost, told.Sum(one => int.Parse(one.Message.Split(" events ")[0], CultureInfo.InvariantCulture)));
    }

    private async Task OpenAsync()
    {
        await _state.OpenAsync(readOnly: false, Token);
        _log.Open(_state.LastSequence);
    }
}
