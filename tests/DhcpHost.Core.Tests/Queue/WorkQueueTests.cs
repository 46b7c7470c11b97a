using System.Collections.Concurrent;
using DhcpHost.Core.Queue;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Queue;

public class WorkQueueTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_adds_during_work_are_one_more_piece_of_work()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.Add("a");
        Assert.Equal("a", (await queue.GetAsync(Token))!.Value.Key);
        for (var i = 0; i < 10; i++)
        {
            queue.Add("a");
        }

        Assert.Equal(0, queue.Snapshot.Depth);
        queue.Done("a");
        Assert.Equal("a", (await queue.GetAsync(Token))!.Value.Key);
        queue.Done("a");
        Assert.Equal(new WorkQueueSnapshot(0, 0, 0, TimeSpan.Zero), queue.Snapshot);
    }

    [Fact]
    public async Task A_live_change_overtakes_the_first_sync_and_a_raised_key_goes_to_the_end_of_its_new_level()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.Add("bulk-1", WorkPriority.Bulk);
        queue.Add("bulk-2", WorkPriority.Bulk);
        queue.Add("live", WorkPriority.Live);
        queue.Add("bulk-1", WorkPriority.Live);

        Assert.Equal(["live", "bulk-1", "bulk-2"], await TakeAllAsync(queue));
    }

    [Fact]
    public async Task A_lower_priority_never_lowers()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.Add("a", 5);
        queue.Add("a", WorkPriority.Bulk);
        Assert.Equal(5, (await queue.GetAsync(Token))!.Value.Priority);
    }

    [Fact]
    public async Task A_key_that_waits_for_its_retry_is_freed_at_once_by_a_change_and_its_wait_is_over_then()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.AddAfter("a", TimeSpan.FromMinutes(5), WorkPriority.Bulk);
        Assert.Equal(1, queue.Snapshot.Waiting);
        queue.Add("a");
        Assert.Equal(new WorkItem<string>("a", WorkPriority.Live), await queue.GetAsync(Token));
        queue.Done("a");
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(new WorkQueueSnapshot(0, 0, 0, TimeSpan.Zero), queue.Snapshot);
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_has_come_also_after_the_longest_timer()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.AddAfter("a", TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, queue.Snapshot.Depth);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", (await queue.GetAsync(Token))!.Value.Key);
    }

    [Fact]
    public async Task A_wait_is_not_moved_by_a_step_of_the_wall_clock()
    {
        var time = new SteppedTimeProvider();
        using var queue = new WorkQueue<string>(time);
        queue.AddAfter("a", TimeSpan.FromMilliseconds(50));
        time.Step(TimeSpan.FromDays(-400));
        Assert.Equal("a", (await queue.GetAsync(Token))!.Value.Key);
        queue.Done("a");
        queue.AddAfter("b", TimeSpan.FromHours(1));
        time.Step(TimeSpan.FromDays(800));
        Assert.Equal(0, queue.Snapshot.Depth);
        Assert.Equal(1, queue.Snapshot.Waiting);
    }

    [Fact]
    public async Task A_shut_down_queue_takes_and_gives_nothing_and_is_drained_when_the_last_worker_is_done()
    {
        using var queue = new WorkQueue<string>(_time);
        queue.Add("a");
        queue.Add("b");
        await queue.GetAsync(Token);
        queue.ShutDown();
        Assert.False(queue.Add("c"));
        Assert.Null(await queue.GetAsync(Token));
        var drain = queue.DrainAsync(Token);
        Assert.False(drain.IsCompleted);
        queue.Done("a");
        await drain;
    }

    [Fact]
    public async Task A_waiting_worker_is_told_of_the_shutdown()
    {
        using var queue = new WorkQueue<string>(_time);
        var waiting = queue.GetAsync(Token).AsTask();
        queue.ShutDown();
        Assert.Null(await waiting);
    }

    [Fact]
    public void Done_of_a_key_that_nobody_has_is_a_bug_and_says_so()
    {
        using var queue = new WorkQueue<string>(_time);
        Assert.Equal("Nobody works on 'a'.", Assert.Throws<InvalidOperationException>(() => queue.Done("a")).Message);
    }

    [Fact]
    public async Task Under_real_threads_no_key_is_with_two_workers_and_no_change_is_lost()
    {
        using var queue = new WorkQueue<int>(TimeProvider.System);
        const int Keys = 20;
        var wanted = new long[Keys];
        var seen = new long[Keys];
        var busy = new int[Keys];
        var faults = new ConcurrentQueue<string>();
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await queue.GetAsync(Token) is { } item)
            {
                if (Interlocked.Increment(ref busy[item.Key]) != 1)
                {
                    faults.Enqueue($"{item.Key} is with two workers");
                }

                // What is read after the mark was cleared has everything that was written before the add.
                Volatile.Write(ref seen[item.Key], Volatile.Read(ref wanted[item.Key]));
                if (item.Key % 3 == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref busy[item.Key]);
                queue.Done(item.Key);
            }
        }, Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(() =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 20_000; i++)
            {
                var key = random.Next(Keys);
                Interlocked.Increment(ref wanted[key]);
                queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)), random.Next(-1, 2));
            }
        }, Token)));
        await Fakes.Soon.TrueAsync(() => queue.Snapshot is { Depth: 0, Waiting: 0, Processing: 0 });
        queue.ShutDown();
        await Task.WhenAll(workers);
        Assert.Empty(faults);
        Assert.Equal(wanted, seen);
    }

    [Fact]
    public async Task Cancelled_waits_lose_no_key_under_real_threads()
    {
        using var queue = new WorkQueue<int>(TimeProvider.System);
        var taken = 0;
        var takers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref taken) < 5_000)
            {
                using var cancel = new CancellationTokenSource();
                var get = queue.GetAsync(cancel.Token).AsTask();
                await cancel.CancelAsync();
                try
                {
                    if (await get is { } item)
                    {
                        queue.Done(item.Key);
                        Interlocked.Increment(ref taken);
                    }
                }
                catch (OperationCanceledException)
                {
                    await Task.Yield();
                }
            }
        }, Token)).ToList();
        for (var key = 0; key < 5_000; key++)
        {
            queue.Add(key);
        }

        await Task.WhenAll(takers).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(0, queue.Snapshot.Depth);
    }

    private static async Task<List<string>> TakeAllAsync(WorkQueue<string> queue)
    {
        var keys = new List<string>();
        while (queue.Snapshot.Depth > 0)
        {
            var item = await queue.GetAsync(Token);
            keys.Add(item!.Value.Key);
            queue.Done(item.Value.Key);
        }

        return keys;
    }
}
