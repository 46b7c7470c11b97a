using CsCheck;
using DhcpHost.Core.Queue;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Queue;

public class WorkQueueModelTests
{
    private abstract record Step
    {
        public sealed record Add(int Key, int Priority, int DelayMilliseconds) : Step;

        public sealed record Take : Step;

        public sealed record Done(int Which) : Step;

        public sealed record Forget(int Key) : Step;

        public sealed record Advance(int Milliseconds) : Step;
    }

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (5, Gen.Select(Gen.Int[0, 5], OneOf(-100, 0, 5, 100), OneOf(0, 0, 10, 25, 40), (key, priority, delay) => (Step)new Step.Add(key, priority, delay))),
        (4, Gen.Const((Step)new Step.Take())),
        (4, Gen.Int[0, 5].Select(which => (Step)new Step.Done(which))),
        (1, Gen.Int[0, 5].Select(key => (Step)new Step.Forget(key))),
        (2, OneOf(1, 10, 15, 50).Select(time => (Step)new Step.Advance(time))));

    [Fact]
    public Task The_queue_does_what_its_model_does_whatever_the_order_of_calls() =>
        AnyStep.List[1, 60].SampleAsync(RunAsync, iter: 20_000);

    private static Gen<int> OneOf(params int[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static async Task<bool> RunAsync(List<Step> steps)
    {
        var time = new FakeTimeProvider();
        using var queue = new WorkQueue<int>(time);
        var model = new QueueModel();
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Add add:
                    queue.AddAfter(add.Key, TimeSpan.FromMilliseconds(add.DelayMilliseconds), add.Priority);
                    model.Add(add.Key, add.Priority, add.DelayMilliseconds);
                    break;
                case Step.Take:
                    var expected = model.Take();
                    if (await TakeAsync(queue) != expected)
                    {
                        return false;
                    }

                    break;
                case Step.Done done when model.Processing.Count > 0:
                    var key = model.Processing[done.Which % model.Processing.Count];
                    queue.Done(key);
                    model.Done(key);
                    break;
                case Step.Forget forget:
                    if (queue.Forget(forget.Key) != model.Forget(forget.Key))
                    {
                        return false;
                    }

                    break;
                case Step.Advance advance:
                    time.Advance(TimeSpan.FromMilliseconds(advance.Milliseconds));
                    model.Advance(advance.Milliseconds);
                    break;
            }

            var snapshot = queue.Snapshot;
            if ((snapshot.Depth, snapshot.Waiting, snapshot.Processing) != (model.Depth, model.Waiting, model.Processing.Count))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<(int, int)?> TakeAsync(WorkQueue<int> queue)
    {
        using var never = new CancellationTokenSource();
        var taking = queue.GetAsync(never.Token).AsTask();
        if (taking.IsCompleted)
        {
            var item = await taking;
            return (item!.Value.Key, item.Value.Priority);
        }

        // Nothing is ready: the wait is given up, and must take nothing with it.
        await never.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        return null;
    }
}
