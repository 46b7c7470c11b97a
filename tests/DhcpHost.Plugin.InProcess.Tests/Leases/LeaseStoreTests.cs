using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>What is written is there again, whatever happened to the file's end, to its middle, or to the clock.</summary>
public class LeaseStoreTests : LeaseStoreTest
{
    public LeaseStoreTests()
    {
    }

    private protected LeaseStoreTests(string root)
        : base(root)
    {
    }

    [Fact]
    public void Leases_are_there_again_after_a_restart_with_all_that_is_known_of_them()
    {
        using (var store = Open())
        {
            var leases = store.Of(Key);
            _ = leases.IPv4.Bind(0x0A000001, Client(1), SamplePlans.Mac(1), "one", store.Now + 60_000);
            _ = leases.IPv6.Bind(UInt128.MaxValue - 5, Client(2), null, null, LeaseRecord.Never);
            _ = leases.IPv4.Bind(0x0A000002, [], null, null, store.Now + 60_000, LeaseState.Declined);
            _ = leases.IPv4.Bind(0x0A000003, Client(3), SamplePlans.Mac(3), null, store.Now + 60_000);
            Assert.True(leases.IPv4.Remove(0x0A000003));
            Assert.True(store.Commit(isDurable: true));
        }

        using var again = Open();
        var read = again.Of(Key);
        var one = read.IPv4.Find(0x0A000001)!;
        Assert.Equal(("one", SamplePlans.Mac(1), again.Now + 60_000, LeaseState.Bound), (one.Hostname, one.MacAddress!.Value, one.ExpiresAt, one.State));
        Assert.Same(one, read.IPv4.FindClient(Client(1)));
        Assert.Equal(LeaseRecord.Never, read.IPv6.Find(UInt128.MaxValue - 5)!.ExpiresAt);
        Assert.Equal(LeaseState.Declined, read.IPv4.Find(0x0A000002)!.State);
        Assert.Null(read.IPv4.Find(0x0A000003));
    }

    [Fact]
    public void A_network_that_is_forgotten_stays_forgotten_and_a_successor_begins_anew()
    {
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, null, LeaseRecord.Never);
            store.Forget(Key);
            _ = store.Of(Key).IPv4.Bind(2, Client(2), null, null, LeaseRecord.Never);
            _ = store.Of(new(new("n1"), new SegmentId("s1"))).IPv4.Bind(3, Client(3), null, null, LeaseRecord.Never);
        }

        using var again = Open();
        Assert.Equal([2], again.Of(Key).IPv4.All.Select(lease => (int)lease.Address));
        Assert.Equal([3], again.Of(new(new("n1"), new SegmentId("s1"))).IPv4.All.Select(lease => (int)lease.Address));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Wherever_a_write_is_cut_short_all_that_was_committed_before_is_there(int room)
    {
        var sizes = new List<long>();
        using (var store = Open())
        {
            var table = store.Of(Key).IPv4;
            for (var i = 1; i <= 20; i++)
            {
                _ = table.Bind((UInt128)i, Client(i), SamplePlans.Mac(i), $"host-{i}", LeaseRecord.Never);
                Assert.True(store.Commit(isDurable: true));
                sizes.Add(JournalFile.Used(FilePath));
            }
        }

        var whole = File.ReadAllBytes(FilePath);
        for (var length = (int)sizes[0]; length <= whole.Length; length++)
        {
            if (whole[length - 1] == 0 && length % 16 != 0)
            {
                // Between records are zeros only.
                continue;
            }

            File.WriteAllBytes(FilePath, [.. whole[..length], .. new byte[room]]);
            using (var store = Open())
            {
                Assert.Equal(sizes.Count(size => size <= length), store.Of(Key).IPv4.Count);
                _ = store.Of(Key).IPv4.Bind(99, Client(99), null, null, LeaseRecord.Never);
            }

            using var again = Open();
            Assert.Equal(sizes.Count(size => size <= length) + 1, again.Of(Key).IPv4.Count);
        }
    }

    [Fact]
    public void Room_that_was_made_for_later_records_is_no_damage_and_is_gone_after_an_orderly_end()
    {
        byte[] crashed;
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, "name", LeaseRecord.Never);
            Assert.True(store.Commit(isDurable: true));
            crashed = File.ReadAllBytes(FilePath);
        }

        Assert.InRange(crashed.Length, JournalFile.Used(crashed).Length + 1, int.MaxValue);
        File.WriteAllBytes(FilePath, crashed);
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(2, Client(2), null, "name", LeaseRecord.Never);
            Assert.True(store.Commit(isDurable: true));
        }

        Assert.InRange(File.ReadAllBytes(FilePath).Length, JournalFile.Used(FilePath), JournalFile.Used(FilePath) + 4095);
        Assert.False(File.Exists(FilePath + ".damaged"));
        using var again = Open();
        Assert.Equal([1, 2], again.Of(Key).IPv4.All.Select(lease => (int)lease.Address).Order());
    }

    [Fact]
    public void Damage_in_the_middle_costs_the_records_that_it_hits_and_no_others()
    {
        using (var store = Open())
        {
            for (var i = 1; i <= 50; i++)
            {
                _ = store.Of(Key).IPv4.Bind((UInt128)i, Client(i), null, null, LeaseRecord.Never);
            }
        }

        var bytes = File.ReadAllBytes(FilePath);
        bytes.AsSpan(bytes.Length / 2, 10).Fill(0xFF);
        File.WriteAllBytes(FilePath, bytes);

        using var again = Open();
        Assert.InRange(again.Of(Key).IPv4.Count, 48, 49);
        Assert.True(File.Exists(FilePath + ".damaged"));
        Assert.NotNull(again.Of(Key).IPv4.Find(50));
    }

    [Fact]
    public void The_file_is_written_anew_when_it_has_grown_far_beyond_what_it_stands_for()
    {
        using (var store = Open(minRewriteSize: 10_000))
        {
            var table = store.Of(Key).IPv4;
            for (var i = 0; i < 5000; i++)
            {
                _ = table.Bind((UInt128)(i % 10), Client(i % 10), SamplePlans.Mac(i % 10), "a-name", LeaseRecord.Never);
                Assert.True(store.Commit(isDurable: false));
            }

            Assert.InRange(JournalFile.Used(FilePath), 100, 20_600);
        }

        using var again = Open(minRewriteSize: 10_000);
        Assert.Equal(10, again.Of(Key).IPv4.Count);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void A_clock_that_is_set_leaves_leases_as_long_as_their_clients_were_told(int days)
    {
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + 3_600_000);
            Assert.True(store.Commit(isDurable: true));
            Time.SetClock(Time.GetUtcNow().AddDays(days));
            store.Sweep();
            Assert.True(store.Of(Key).IPv4.Find(1)!.IsActive(store.Now));
            Assert.Equal(Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), store.Of(Key).IPv4.Find(1)!.ExpiresAt);
            Assert.True(store.Commit(isDurable: true));
        }

        using var again = Open();
        Assert.Equal(Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), again.Of(Key).IPv4.Find(1)!.ExpiresAt);
        Time.Advance(TimeSpan.FromHours(1));
        again.Sweep();
        Assert.Equal(0, again.Of(Key).IPv4.Count);
    }

    [Fact]
    public void While_nothing_can_be_written_nothing_is_committed_and_afterwards_nothing_is_missing()
    {
        var failures = new List<string?>();
        using (var store = Open(minRewriteSize: 1))
        {
            store.OnHealthChanged(failures.Add);
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, null, LeaseRecord.Never);

            // A directory stands where the new file would be made.
            _ = Directory.CreateDirectory(FilePath + ".new");
            Assert.False(store.Commit(isDurable: true));
            Assert.NotNull(store.Failure);
            Directory.Delete(FilePath + ".new");
            Assert.False(store.Commit(isDurable: true));
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.True(store.Commit(isDurable: true));
            Assert.Null(store.Failure);
        }

        Assert.Equal(2, failures.Count);
        using var again = Open();
        Assert.Equal(1, again.Of(Key).IPv4.Count);
    }

    [Fact]
    public void Several_leases_of_one_client_are_all_found_and_taken_away_one_by_one()
    {
        using var store = Open();
        var table = store.Of(Key).IPv6;
        for (var i = 1; i <= 3; i++)
        {
            _ = table.Bind((UInt128)i, Client(7), null, null, LeaseRecord.Never);
        }

        static int Count(LeaseRecord? record)
        {
            var count = 0;
            for (; record is not null; record = record.NextOfClient)
            {
                count++;
            }

            return count;
        }

        Assert.Equal(3, Count(table.FindClient(Client(7))));
        Assert.True(table.Remove(2));
        Assert.Equal(2, Count(table.FindClient(Client(7))));
        _ = table.Bind(1, Client(8), null, null, LeaseRecord.Never);
        Assert.Equal([3], table.FindClient(Client(7)) is { NextOfClient: null } only ? [(int)only.Address] : []);
        Assert.True(table.Remove(3));
        Assert.Null(table.FindClient(Client(7)));
    }

    [Fact]
    public void Only_its_owner_may_read_the_file()
    {
        using var store = Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }
}
