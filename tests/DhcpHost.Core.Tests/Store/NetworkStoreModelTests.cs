using CsCheck;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Store;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Store;

public class NetworkStoreModelTests
{
    private static readonly PluginId Source = new("one");

    /// <summary>What a source did, and the news of it in an order in which a network (and a message bus) may deliver it.</summary>
    private static readonly Gen<(int[] Truth, int[] Order)> Histories =
        Gen.Int[-1, 3].Array[1, 12].SelectMany(truth => Gen.Shuffle(Enumerable.Range(0, truth.Length).ToArray()).Select(order => (truth, order)));

    [Fact]
    public void Whatever_the_order_of_news_the_newest_revision_that_was_told_is_held() => Histories.Sample(history =>
    {
        // Each step of the truth has a revision; news of changes comes in any order, some of it twice.
        var store = new NetworkStore();
        foreach (var step in history.Order.Concat(history.Order.Take(3)))
        {
            store.Put(Source, Sample.Network("a", ports: history.Truth[step] + 1, revision: step + 1));
        }

        var newest = history.Truth.Length;
        var held = store.Find(new("a"))!.Network;
        return held.RevisionNumber == newest && held.Ports.Count == history.Truth[newest - 1] + 1;
    }, iter: 5_000);

    [Fact]
    public void A_list_between_news_leaves_what_the_source_has() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 10], Gen.Int[0, 3].Array[0, 10], Gen.Bool.Array[20]).Sample((before, during, removals) =>
    {
        // The source's truth changes while its list is under way; the list has what was true when it was made.
        var (store, truth) = (new NetworkStore(), new Dictionary<int, int>());
        var count = 0;
        void Change(int id)
        {
            count++;
            if (removals[count % removals.Length])
            {
                truth.Remove(id);
                store.Remove(Source, new($"n{id}"));
            }
            else
            {
                truth[id] = count;
                store.Put(Source, Sample.Network($"n{id}", ports: count));
            }
        }

        foreach (var id in before)
        {
            Change(id);
        }

        var begun = store.BeginList();
        var list = truth.Select(pair => Sample.Network($"n{pair.Key}", ports: pair.Value)).ToList();
        foreach (var id in during)
        {
            Change(id);
        }

        store.PutList(Source, list, begun);
        return store.Networks.Count == truth.Count && truth.All(pair => store.Find(new($"n{pair.Key}"))?.Network.Ports.Count == pair.Value);
    }, iter: 5_000);
}
