using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.V6;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>A lease that is offered is noted ahead: whoever then asks for it finds it on the disk, and whoever does not leaves nothing there.</summary>
public sealed class LeasePreparationTests : LeaseStoreTest
{
    private long Size => JournalFile.Used(FilePath);

    [Fact]
    public void Who_was_offered_an_address_does_not_wait_for_the_disk_and_writes_nothing_more()
    {
        using var store = Open();
        Prepare(store, 1);
        Assert.True(store.Commit(isDurable: true));
        var size = Size;
        Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(0, Bind(store, 1));

        Assert.True(store.Commit(isDurable: true));
        Assert.Equal(size, Size);
        Assert.Empty(store.Of(Key).IPv4.Prepared);
        Assert.Equal(store.Now + Hour, store.Of(Key).IPv4.Find(1)!.ExpiresAt);
        Assert.Same(store.Of(Key).IPv4.Find(1), store.Of(Key).IPv4.FindClient(Client(1)));
        Assert.True(AfterCrash()[1].ExpiresAt >= store.Now + Hour);
    }

    [Fact]
    public void A_DHCPv6_client_that_was_advertised_an_address_does_not_wait_for_the_disk()
    {
        using var store = Open();
        var bindings = new LeaseBindings(store.Of(Key).IPv6);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(store.Now + Hour);
        var binding = new V6Binding(1, new byte[] { 0, 4, 9, 9 }, 7, SamplePlans.Mac(1), "name", end);
        bindings.Prepare(binding);
        Assert.Equal(0, bindings.After);
        Assert.Equal(0, bindings.Count);
        Assert.True(store.Commit(isDurable: true));

        bindings.Put(binding);

        Assert.Equal(0, bindings.After);
        Assert.Equal(1, bindings.Count);
    }

    [Fact]
    public void Who_asks_before_the_disk_is_through_waits_for_the_write_of_the_offer()
    {
        using var store = Open();
        Prepare(store, 1);
        var write = store.Gathering;

        Assert.Equal(write, Bind(store, 1));
        Assert.True(store.Commit(isDurable: false));
        Assert.Equal(write, Bind(store, 1));
        Assert.True(store.Commit(isDurable: true));
        Assert.Equal(0, Bind(store, 1));
    }

    [Fact]
    public void An_offer_that_nobody_takes_up_is_no_lease_and_is_taken_back_after_a_while()
    {
        using var store = Open();
        Prepare(store, 1);
        Assert.True(store.Commit(isDurable: true));
        Assert.Equal(0, store.Of(Key).Count);
        Assert.Null(store.Of(Key).IPv4.Find(1));

        Time.Advance(TimeSpan.FromSeconds(9));
        store.Sweep();
        Assert.True(store.Commit(isDurable: true));
        Assert.Equal([1], AfterCrash().Keys);

        Time.Advance(TimeSpan.FromSeconds(2));
        store.Sweep();
        Assert.True(store.Commit(isDurable: true));
        Assert.Empty(AfterCrash());
        Assert.NotEqual(0, Bind(store, 1));
    }

    [Fact]
    public void After_an_orderly_end_nothing_is_left_of_an_offer()
    {
        using (var store = Open())
        {
            Prepare(store, 1);
            Prepare(store, 2);
            Assert.NotEqual(0, Bind(store, 2));
        }

        using var again = Open();
        Assert.Equal([2], again.Of(Key).IPv4.All.Select(lease => (int)lease.Address));
    }

    [Fact]
    public void An_address_that_another_client_gets_in_the_end_is_that_clients()
    {
        using var store = Open();
        Prepare(store, 1);
        Assert.True(store.Commit(isDurable: true));

        Assert.NotEqual(0, store.Of(Key).IPv4.Bind(1, Client(9), null, null, store.Now + Hour));
        Assert.True(store.Commit(isDurable: true));
        Time.Advance(TimeSpan.FromSeconds(11));
        store.Sweep();
        Assert.True(store.Commit(isDurable: true));

        Assert.Equal(Client(9), AfterCrash()[1].Client);
        Assert.Null(store.Of(Key).IPv4.FindClient(Client(1)));
    }

    [Fact]
    public void Another_name_or_a_later_end_than_was_noted_ahead_waits()
    {
        using var store = Open();
        Prepare(store, 1);
        Prepare(store, 2);
        Assert.True(store.Commit(isDurable: true));

        Assert.NotEqual(0, store.Of(Key).IPv4.Bind(1, Client(1), SamplePlans.Mac(1), "other", store.Now + Hour));
        Assert.NotEqual(0, store.Of(Key).IPv4.Bind(2, Client(2), SamplePlans.Mac(2), "name", store.Now + (9 * Hour)));
    }

    [Fact]
    public void A_client_that_is_offered_the_same_again_costs_nothing_more()
    {
        using var store = Open();
        Prepare(store, 1);
        Assert.True(store.Commit(isDurable: true));
        var size = Size;
        for (var i = 0; i < 100; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(4));
            Prepare(store, 1);
            store.Sweep();
            Assert.True(store.Commit(isDurable: true));
        }

        Assert.Equal(size, Size);
        Assert.Equal(0, Bind(store, 1));
    }

    [Fact]
    public void A_flood_of_clients_who_take_up_nothing_costs_the_disk_little_and_is_over_soon()
    {
        using var store = Open();
        for (var i = 1; i < 20_000; i++)
        {
            Prepare(store, i);
        }

        Assert.InRange(store.Of(Key).IPv4.Prepared.Count, 1, 1024);
        Assert.True(store.Commit(isDurable: true));
        Assert.InRange(Size, 1, 150_000);
        Assert.NotEqual(0, Bind(store, 19_999));

        Time.Advance(TimeSpan.FromSeconds(11));
        Prepare(store, 20_000);
        Assert.Equal([20_000], store.Of(Key).IPv4.Prepared.Select(lease => (int)lease.Address));
    }

    [Fact]
    public void Nobody_relies_on_what_was_noted_ahead_before_a_write_that_failed()
    {
        using var store = Open(minRewriteSize: 1);
        Assert.True(store.Commit(isDurable: true));
        _ = Directory.CreateDirectory(FilePath + ".new");
        for (var i = 1; i < 20; i++)
        {
            Prepare(store, i);
        }

        Assert.False(store.Commit(isDurable: true));
        Assert.NotEqual(0, Bind(store, 1));
        Prepare(store, 30);
        Assert.DoesNotContain(store.Of(Key).IPv4.Prepared, lease => lease.Address == 30);

        Directory.Delete(FilePath + ".new");
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(store.Commit(isDurable: true));
        Assert.Equal(0, Bind(store, 2));
        Assert.Contains(2, AfterCrash().Keys);
    }

    [Fact]
    public void A_network_that_is_forgotten_takes_its_offers_with_it()
    {
        using var store = Open();
        for (var i = 1; i < 2000; i++)
        {
            Prepare(store, i);
        }

        store.Forget(Key);
        Prepare(store, 1);
        Assert.True(store.Commit(isDurable: true));

        Assert.Equal([1], AfterCrash().Keys);
    }

    private static void Prepare(LeaseStore store, int number) =>
        store.Of(Key).IPv4.Prepare((UInt128)number, Client(number), SamplePlans.Mac(number % 256), "name", store.Now + Hour);

    private static long Bind(LeaseStore store, int number) =>
        store.Of(Key).IPv4.Bind((UInt128)number, Client(number), SamplePlans.Mac(number % 256), "name", store.Now + Hour);
}
