using System.Threading.Channels;
using DhcpHost.Hosting;

namespace DhcpHost.Tests.Hosting;

public sealed class ResidentMemoryTests
{
    private readonly Rests _rests = new();
    private long _resident = 100 << 20;
    private int _releases;

    [Fact]
    public async Task Memory_is_given_back_at_once_and_again_after_each_rest_in_which_the_host_has_grown()
    {
        using var stop = new CancellationTokenSource();
        var keeping = KeepAsync(stop.Token);
        await _rests.NextAsync();
        Assert.Equal(1, _releases);

        Assert.Equal(1, await RestAsync(growth: ResidentMemory.Growth - 1));
        Assert.Equal(2, await RestAsync(growth: 1));
        Assert.Equal(2, await RestAsync(growth: 0));
        Assert.Equal(3, await RestAsync(growth: 2 * ResidentMemory.Growth));

        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    [Fact]
    public async Task A_rest_is_twice_as_long_as_the_one_before_up_to_the_longest()
    {
        using var stop = new CancellationTokenSource();
        var keeping = KeepAsync(stop.Token);
        var rest = await _rests.NextAsync();
        Assert.Equal(ResidentMemory.RestMin, rest);

        while (rest < ResidentMemory.RestMax)
        {
            _rests.Pass();
            var next = await _rests.NextAsync();
            Assert.Equal(rest * 2 < ResidentMemory.RestMax ? rest * 2 : ResidentMemory.RestMax, next);
            rest = next;
        }

        _rests.Pass();
        Assert.Equal(ResidentMemory.RestMax, await _rests.NextAsync());

        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    private Task KeepAsync(CancellationToken cancellationToken) =>
        new ResidentMemory(() => Volatile.Read(ref _resident), () => _ = Interlocked.Increment(ref _releases), _rests).KeepAsync(cancellationToken);

    private async Task<int> RestAsync(long growth)
    {
        _ = Interlocked.Add(ref _resident, growth);
        _rests.Pass();
        _ = await _rests.NextAsync();
        return Volatile.Read(ref _releases);
    }

    /// <summary>A clock whose timers end when the test says so.</summary>
    private sealed class Rests : TimeProvider
    {
        private readonly Channel<(TimeSpan Due, Action End)> _begun = Channel.CreateUnbounded<(TimeSpan, Action)>();
        private Action _end = () => { };

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.True(_begun.Writer.TryWrite((dueTime, () => callback(state))));
            return new Timer();
        }

        public async Task<TimeSpan> NextAsync()
        {
            (var due, _end) = await _begun.Reader.ReadAsync(TestContext.Current.CancellationToken);
            return due;
        }

        public void Pass() => _end();

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
