using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Store;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Store;

public class NetworkStoreTests
{
    private static readonly PluginId One = new("one");
    private static readonly PluginId Two = new("two");
    private readonly NetworkStore _store = new();

    [Fact]
    public void An_older_revision_is_dropped_and_an_equal_snapshot_changes_nothing()
    {
        Assert.Equal(StoreChange.Added, _store.Put(One, Sample.Network("a", revision: 5)));
        Assert.Equal(StoreChange.Stale, _store.Put(One, Sample.Network("a", ports: 9, revision: 4)));
        Assert.Equal(StoreChange.Unchanged, _store.Put(One, Sample.Network("a", revision: 5)));
        Assert.Equal(StoreChange.Changed, _store.Put(One, Sample.Network("a", revision: 6)));
    }

    [Fact]
    public void Within_one_revision_of_the_network_the_older_port_is_dropped()
    {
        var network = Sample.Network("a", revision: 5);
        Network With(long revision, string name) =>
            network with { Ports = network.Ports.Select((port, i) => i == 0 ? port with { RevisionNumber = revision, Name = name } : port).ToEquatableArray() };
        _store.Put(One, With(7, "new"));
        Assert.Equal(StoreChange.Stale, _store.Put(One, With(6, "old")));
        Assert.Equal(StoreChange.Changed, _store.Put(One, With(8, "newer")));
    }

    [Fact]
    public void Without_revisions_the_last_news_holds()
    {
        _store.Put(One, Sample.Network("a", ports: 3));
        Assert.Equal(StoreChange.Changed, _store.Put(One, Sample.Network("a", ports: 2)));
        Assert.Equal(2, _store.Find(new("a"))!.Network.Ports.Count);
    }

    [Fact]
    public void Late_news_does_not_bring_back_what_was_removed()
    {
        _store.Put(One, Sample.Network("a", revision: 5));
        Assert.Equal(StoreChange.Removed, _store.Remove(One, new("a")));
        Assert.Equal(StoreChange.Stale, _store.Put(One, Sample.Network("a", revision: 5)));
        Assert.Equal(StoreChange.Added, _store.Put(One, Sample.Network("a", revision: 6)));
    }

    [Fact]
    public void A_second_source_is_refused_until_the_first_gives_the_network_up()
    {
        _store.Put(One, Sample.Network("a", ports: 1));
        Assert.Equal(StoreChange.Claimed, _store.Put(Two, Sample.Network("a", ports: 2)));
        Assert.Equal(StoreChange.Claimed, _store.Put(Two, Sample.Network("a", ports: 3)));
        Assert.Equal(StoreChange.Claimed, _store.Remove(Two, new("a")) is StoreChange.Claimed ? StoreChange.Claimed : StoreChange.Removed);
        _store.Put(Two, Sample.Network("a", ports: 4));
        Assert.Equal(One, _store.Find(new("a"))!.Source);

        Assert.Equal(StoreChange.Added, _store.Remove(One, new("a")));
        Assert.Equal((Two, 4), (_store.Find(new("a"))!.Source, _store.Find(new("a"))!.Network.Ports.Count));
    }

    [Fact]
    public void A_list_removes_what_it_lacks_but_not_what_was_told_while_it_was_made()
    {
        _store.Put(One, Sample.Network("kept"));
        _store.Put(One, Sample.Network("gone"));
        _store.Put(Two, Sample.Network("others"));
        var begun = _store.BeginList();
        _store.Put(One, Sample.Network("late"));
        _store.Put(One, Sample.Network("kept", ports: 7));
        _store.Put(One, Sample.Network("removed-late"));
        _store.Remove(One, new("removed-late"));

        var result = _store.PutList(One, [Sample.Network("kept", ports: 2), Sample.Network("new"), Sample.Network("removed-late")], begun);

        Assert.Equal([new NetworkId("gone")], result.Removed);
        Assert.Equal([new NetworkId("new")], result.Changed);
        Assert.Equal(7, _store.Find(new("kept"))!.Network.Ports.Count);
        Assert.Equal(["kept", "late", "new", "others"], _store.Networks.Keys.Select(id => id.Value).Order());
    }

    [Fact]
    public void A_network_that_has_to_be_asked_for_is_asked_for_again_when_it_changes_during_the_question()
    {
        _store.MarkStale(One, new("a"));
        Assert.True(_store.NeedsRefresh(new("a"), out var source, out var version));
        Assert.Equal(One, source);
        _store.MarkStale(One, new("a"));
        Assert.Equal(StoreChange.Added, _store.Refreshed(One, new("a"), Sample.Network("a"), version));
        Assert.True(_store.NeedsRefresh(new("a"), out _, out var again));
        _store.Refreshed(One, new("a"), null, again);
        Assert.False(_store.NeedsRefresh(new("a"), out _, out _));
        Assert.Null(_store.Find(new("a")));
    }

    [Fact]
    public async Task Readers_under_real_threads_see_whole_snapshots_of_rising_revisions()
    {
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var last = 0L;
            while (!stop.IsCancellationRequested)
            {
                if (_store.Find(new("a")) is { } seen)
                {
                    Assert.True(seen.Network.RevisionNumber >= last);
                    Assert.Equal(seen.Network.RevisionNumber % 5, seen.Network.Ports.Count);
                    last = seen.Network.RevisionNumber;
                }
            }
        }, TestContext.Current.CancellationToken)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var revision = 1; revision <= 2_000; revision++)
            {
                _store.Put(One, Sample.Network("a", ports: revision % 5, revision: revision));
            }
        }, TestContext.Current.CancellationToken)));
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(2_000, _store.Find(new("a"))!.Network.RevisionNumber);
    }
}
