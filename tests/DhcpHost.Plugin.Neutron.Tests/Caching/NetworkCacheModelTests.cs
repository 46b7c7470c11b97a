using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Caching;

public sealed class NetworkCacheModelTests
{
    /// <summary>What happens: at the server (ports are made, changed, deleted) and between it and the cache.</summary>
    private abstract record Step
    {
        public sealed record Create(int Network) : Step;

        public sealed record Update(int Which, bool HasNewAddress) : Step;

        public sealed record Delete(int Which) : Step;

        public sealed record Deliver(int Which, bool IsDuplicated) : Step;

        public sealed record Ask(int Network, bool IsList) : Step;

        public sealed record Read(int Which, int LagMilliseconds) : Step;

        public sealed record Answer(int Which) : Step;

        public sealed record Advance(int Milliseconds) : Step;
    }

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (4, Gen.Int[0, 1].Select(network => (Step)new Step.Create(network))),
        (3, Gen.Select(Gen.Int[0, 9], Gen.Bool, (which, hasNew) => (Step)new Step.Update(which, hasNew))),
        (3, Gen.Int[0, 9].Select(which => (Step)new Step.Delete(which))),
        (8, Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], (which, chance) => (Step)new Step.Deliver(which, chance == 0))),
        (2, Gen.Select(Gen.Int[0, 1], Gen.Int[0, 3], (network, chance) => (Step)new Step.Ask(network, chance == 0))),
        (2, Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4_000], (which, lag) => (Step)new Step.Read(which, lag))),
        (2, Gen.Int[0, 9].Select(which => (Step)new Step.Answer(which))),
        (2, Gen.Int[1, 20_000].Select(time => (Step)new Step.Advance(time))));

    [Fact]
    public void Whatever_the_order_of_messages_and_answers_the_cache_ends_with_what_the_server_has() =>
        AnyStep.List[1, 80].Sample(Run, iter: 20_000);

    private static bool Run(List<Step> steps)
    {
        var world = new ServerModel(new FakeTimeProvider());
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Create create:
                    world.Create(create.Network);
                    break;
                case Step.Update update:
                    world.Update(update.Which, update.HasNewAddress);
                    break;
                case Step.Delete delete:
                    world.Delete(delete.Which);
                    break;
                case Step.Deliver deliver:
                    world.Deliver(deliver.Which, deliver.IsDuplicated);
                    break;
                case Step.Ask ask:
                    world.Ask(ask.IsList ? null : ask.Network);
                    break;
                case Step.Read read:
                    world.Read(read.Which, TimeSpan.FromMilliseconds(read.LagMilliseconds));
                    break;
                case Step.Answer answer:
                    world.Answer(answer.Which);
                    break;
                case Step.Advance advance:
                    world.Advance(TimeSpan.FromMilliseconds(advance.Milliseconds));
                    break;
            }

            if (!world.IsConsistent())
            {
                return false;
            }
        }

        world.Settle();
        return world.IsConsistent() && world.IsTrue();
    }
}
