using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>Writes run beside the loop: a reply leaves when its own write is on the disk, and not before.</summary>
public class LeaseCommitTests : LeaseStoreTest
{
    public LeaseCommitTests()
    {
    }

    private protected LeaseCommitTests(string root)
        : base(root)
    {
    }

    [Fact]
    public void A_write_runs_beside_the_loop_which_is_woken_when_it_is_through()
    {
        using var store = Open();
        using var woken = new SemaphoreSlim(0);
        store.Attach(() => woken.Release());
        var ticket = store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + Hour);

        Assert.True(store.Commit(ticket).Durable < ticket);
        Assert.True(woken.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(new DatagramCommitProgress(ticket, HasFailed: false), store.Commit(0));
        Assert.Equal([1], AfterCrash().Keys);
    }

    [Fact]
    public void What_nobody_waits_for_is_written_and_not_waited_for()
    {
        using var store = Open();
        _ = store.Commit(store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + Hour));
        store.Finish();
        var before = store.Commit(0).Durable;
        Assert.True(store.Of(Key).IPv4.Remove(1));

        _ = store.Commit(0);
        store.Finish();

        Assert.Equal(before, store.Commit(0).Durable);
        Assert.Empty(AfterCrash());
    }

    [Fact]
    public void Replies_of_a_write_that_fails_are_dropped_and_all_is_there_after_the_next_that_does_not()
    {
        using var store = Open(minRewriteSize: 1);
        _ = store.Commit(isDurable: true);
        _ = Directory.CreateDirectory(FilePath + ".new");
        var ticket = store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + Hour);
        _ = store.Of(Key).IPv4.Bind(2, Client(2), null, null, store.Now + Hour);

        Assert.False(store.Commit(ticket).HasFailed);
        store.Finish();
        Assert.True(store.Commit(ticket).HasFailed);
        Assert.True(store.Commit(store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + Hour)).HasFailed);

        Directory.Delete(FilePath + ".new");
        Time.Advance(TimeSpan.FromSeconds(2));
        ticket = store.Of(Key).IPv4.Bind(1, Client(1), null, null, store.Now + Hour);
        Assert.False(store.Commit(ticket).HasFailed);
        Assert.False(store.Commit(ticket).HasFailed);
        store.Finish();
        Assert.InRange(store.Commit(0).Durable, ticket, long.MaxValue);
        Assert.Equal([1, 2], AfterCrash().Keys.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whenever_power_is_lost_or_the_process_is_killed_every_client_has_what_it_was_told(int seed)
    {
        var random = new Random(seed);
        var told = new Dictionary<int, (int Client, long Until)>();
        var waiting = new Dictionary<int, (int Client, long Until, long Ticket)>();
        using var store = Open(minRewriteSize: 20_000);
        var table = store.Of(Key).IPv4;
        Assert.True(store.Commit(isDurable: true));

        // What may be on the disk: what the last write left that is known to be durable, and what each write since has left in the file.
        var disks = new List<(long Write, byte[] Bytes)> { (store.Gathering - 1, File.ReadAllBytes(FilePath)) };
        for (var i = 0; i < 500; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(1200) : random.Next(4)));
            var address = random.Next(1, 6);
            var client = random.Next(6) == 0 ? address + 10 : address;
            var until = random.Next(30) == 0 ? LeaseRecord.Never : store.Now + (Hour * random.Next(1, 4) / 2);
            switch (random.Next(20))
            {
                case 0:
                    _ = table.Remove((UInt128)address);
                    _ = (told.Remove(address), waiting.Remove(address));
                    break;
                case < 8:
                    table.Prepare((UInt128)address, Client(client), null, null, until);
                    break;
                case 8:
                    store.Sweep();
                    break;
                default:
                    var ticket = table.Bind((UInt128)address, Client(client), null, null, until);
                    _ = (told.Remove(address), waiting.Remove(address));
                    if (ticket == 0)
                    {
                        told[address] = (client, until);
                    }
                    else
                    {
                        waiting[address] = (client, until, ticket);
                    }

                    break;
            }

            if (random.Next(3) != 0)
            {
                var progress = store.Commit(random.Next(2) == 0 ? waiting.Values.Select(item => item.Ticket).DefaultIfEmpty().Max() : 0);
                Assert.False(progress.HasFailed);
                _ = disks.RemoveAll(disk => disk.Write < progress.Durable);
                foreach (var (key, value) in waiting.Where(item => item.Value.Ticket <= progress.Durable).ToList())
                {
                    _ = waiting.Remove(key);
                    told[key] = (value.Client, value.Until);
                }

                store.Finish();
                var written = File.ReadAllBytes(FilePath);
                if (disks.Count > 0 && !written.AsSpan().StartsWith(JournalFile.Used(disks[^1].Bytes)))
                {
                    // A file that was written anew is on the disk before it takes the old one's place.
                    disks.Clear();
                }

                disks.Add((store.Gathering - 1, written));
            }

            foreach (var (write, bytes) in disks)
            {
                var left = AfterCrash(bytes);
                foreach (var (key, (owner, end)) in told.Where(item => item.Value.Until > store.Now))
                {
                    Assert.True(left.TryGetValue(key, out var lease), $"step {i}: address {key} is lost with write {write}");
                    Assert.Equal(Client(owner), lease.Client);
                    Assert.True(lease.ExpiresAt >= end, $"step {i}: address {key} is kept for too short");
                }
            }
        }
    }
}
