using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>What is told without a wait is on the disk already: a crash at any moment takes nothing from a client that it was told.</summary>
public sealed class LeaseEndTests : LeaseStoreTest
{
    [Fact]
    public void A_client_that_asks_again_waits_for_the_disk_until_the_first_commit_and_not_afterwards()
    {
        using var store = Open();

        Assert.True(Bind(store, 1));
        Assert.True(Bind(store, 1));
        Assert.True(store.Commit(isDurable: true));
        var size = JournalFile.Used(FilePath);
        Time.Advance(TimeSpan.FromMinutes(10));

        Assert.False(Bind(store, 1));
        Assert.True(store.Commit(isDurable: false));
        Assert.Equal(size, JournalFile.Used(FilePath));
        Assert.Equal(store.Now + Hour, store.Of(Key).IPv4.Find(1)!.ExpiresAt);
    }

    [Fact]
    public void A_commit_that_is_not_durable_makes_nobody_wait_less()
    {
        using var store = Open();
        Assert.True(Bind(store, 1));
        Assert.True(store.Commit(isDurable: false));

        Assert.True(Bind(store, 1));
    }

    [Fact]
    public void Renewals_at_half_of_theTime_do_not_wait_while_other_leases_are_committed_now_and_then()
    {
        using var store = Open();
        Assert.True(Bind(store, 1));
        Assert.True(store.Commit(isDurable: true));
        for (var renewal = 0; renewal < 20; renewal++)
        {
            Time.Advance(TimeSpan.FromMinutes(30));
            Assert.False(Bind(store, 1));
            Assert.True(Bind(store, 100 + renewal));
            Assert.True(store.Commit(isDurable: true));
        }
    }

    [Fact]
    public void Another_client_or_another_name_or_a_lease_beyond_what_the_disk_holds_waits()
    {
        using var store = Open();
        var table = store.Of(Key).IPv4;
        _ = Bind(store, 1);
        _ = Bind(store, 2);
        _ = Bind(store, 3);
        _ = Bind(store, 4);
        Assert.True(store.Commit(isDurable: true));

        Assert.NotEqual(0, table.Bind(1, Client(9), null, "name", store.Now + Hour));
        Assert.NotEqual(0, table.Bind(2, Client(2), null, "other", store.Now + Hour));
        Assert.NotEqual(0, table.Bind(3, Client(3), null, "name", LeaseRecord.Never));
        Assert.True(table.Remove(4));
        Assert.True(Bind(store, 4));
    }

    [Fact]
    public void A_lease_that_was_made_shorter_is_on_the_disk_for_less_long_after_the_next_commit()
    {
        using var store = Open();
        var table = store.Of(Key).IPv4;
        _ = table.Bind(1, Client(1), SamplePlans.Mac(1), "name", LeaseRecord.Never);
        Assert.True(store.Commit(isDurable: true));

        Assert.False(Bind(store, 1));
        Assert.True(store.Commit(isDurable: true));

        Assert.InRange(AfterCrash()[1].ExpiresAt, store.Now + Hour, store.Now + (2 * Hour));
        Assert.NotEqual(0, table.Bind(1, Client(1), SamplePlans.Mac(1), "name", LeaseRecord.Never));
    }

    [Fact]
    public void A_lease_without_an_end_is_written_once()
    {
        using var store = Open();
        var table = store.Of(Key).IPv4;
        Assert.NotEqual(0, table.Bind(1, Client(1), null, null, LeaseRecord.Never));
        Assert.True(store.Commit(isDurable: true));
        var size = JournalFile.Used(FilePath);

        Assert.Equal(0, table.Bind(1, Client(1), null, null, LeaseRecord.Never));
        Assert.True(store.Commit(isDurable: true));
        Assert.Equal(size, JournalFile.Used(FilePath));
    }

    [Fact]
    public void While_nothing_can_be_written_everybody_waits()
    {
        using var store = Open(minRewriteSize: 1);
        _ = Bind(store, 1);
        Assert.True(store.Commit(isDurable: true));
        _ = Directory.CreateDirectory(FilePath + ".new");
        for (var i = 2; i < 100; i++)
        {
            _ = Bind(store, i);
        }

        Assert.False(store.Commit(isDurable: true));
        Assert.True(Bind(store, 1));

        Directory.Delete(FilePath + ".new");
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(store.Commit(isDurable: true));
        Assert.False(Bind(store, 1));
    }

    [Fact]
    public void What_was_read_after_a_start_is_sure_only_with_the_next_durable_commit()
    {
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, null, LeaseRecord.Never);
        }

        using var again = Open();
        Assert.NotEqual(0, again.Of(Key).IPv4.Bind(1, Client(1), null, null, LeaseRecord.Never));
        Assert.True(again.Commit(isDurable: true));
        Assert.Equal(0, again.Of(Key).IPv4.Bind(1, Client(1), null, null, LeaseRecord.Never));
    }

    [Fact]
    public void After_an_orderly_end_leases_end_when_their_clients_were_told()
    {
        long told;
        using (var store = Open())
        {
            _ = Bind(store, 1);
            Assert.True(store.Commit(isDurable: true));
            Time.Advance(TimeSpan.FromMinutes(10));
            Assert.False(Bind(store, 1));
            told = store.Now + Hour;
        }

        using var again = Open();
        Assert.Equal(told, again.Of(Key).IPv4.Find(1)!.ExpiresAt);
    }

    [Fact]
    public void What_ended_and_was_swept_does_not_come_back()
    {
        using var store = Open();
        _ = Bind(store, 1);
        Assert.True(store.Commit(isDurable: true));
        Time.Advance(TimeSpan.FromMinutes(61));
        store.Sweep();
        Assert.True(store.Commit(isDurable: true));

        Assert.Empty(AfterCrash());
    }

    [Fact]
    public void After_the_clock_was_set_nobody_relies_on_what_was_written_before()
    {
        using var store = Open();
        _ = Bind(store, 1);
        Assert.True(store.Commit(isDurable: true));
        Time.SetClock(Time.GetUtcNow().AddDays(1));
        store.Sweep();

        Assert.True(Bind(store, 1));
        Assert.True(store.Commit(isDurable: true));
        Assert.False(Bind(store, 1));
        Assert.InRange(AfterCrash()[1].ExpiresAt, store.Now + Hour, store.Now + (2 * Hour));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whenever_power_is_lost_every_client_has_what_it_was_told(int seed)
    {
        var random = new Random(seed);
        var told = new Dictionary<int, (int Client, long Until)>();
        var waiting = new Dictionary<int, (int Client, long Until)>();
        using var store = Open(minRewriteSize: 20_000);
        var table = store.Of(Key).IPv4;
        Assert.True(store.Commit(isDurable: true));

        // What may be on the disk: what was there at the last durable commit, and any part of what was written since.
        var disks = new List<byte[]> { File.ReadAllBytes(FilePath) };
        for (var i = 0; i < 400; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(random.Next(20)));
            var address = random.Next(1, 6);
            if (random.Next(20) == 0)
            {
                _ = table.Remove((UInt128)address);
                _ = (told.Remove(address), waiting.Remove(address));
            }
            else
            {
                var client = random.Next(6) == 0 ? address + 10 : address;
                var until = random.Next(30) == 0 ? LeaseRecord.Never : store.Now + (Hour * random.Next(1, 4) / 2);
                var mustWait = table.Bind((UInt128)address, Client(client), null, null, until) != 0;
                _ = (told.Remove(address), waiting.Remove(address));
                (mustWait ? waiting : told)[address] = (client, until);
            }

            var isDurable = random.Next(4) == 0;
            Assert.True(store.Commit(isDurable));
            var written = File.ReadAllBytes(FilePath);
            if (isDurable || !written.AsSpan().StartsWith(JournalFile.Used(disks[^1])))
            {
                // A file that was written anew is on the disk before it takes the old one's place.
                disks.Clear();
            }

            disks.Add(written);
            if (isDurable)
            {
                foreach (var (key, value) in waiting)
                {
                    told[key] = value;
                }

                waiting.Clear();
            }

            foreach (var bytes in disks)
            {
                var left = AfterCrash(bytes);
                foreach (var (key, (client, until)) in told.Where(item => item.Value.Until > store.Now))
                {
                    Assert.Equal(Client(client), left[key].Client);
                    Assert.True(left[key].ExpiresAt >= until, $"step {i}: address {key} is kept for too short");
                }
            }
        }
    }

    private static bool Bind(LeaseStore store, int number) =>
        store.Of(Key).IPv4.Bind((UInt128)number, Client(number), SamplePlans.Mac(number), "name", store.Now + Hour) != 0;
}
