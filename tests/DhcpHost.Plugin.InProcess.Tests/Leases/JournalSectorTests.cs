using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Files;
using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>What the disk holds is not written again: whatever a loss of power makes of the sectors of a write, those before it are as they were.</summary>
public sealed class JournalSectorTests : LeaseStoreTest
{
    private const int Sector = 512;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_becomes_of_the_sectors_of_a_write_all_that_was_durable_before_is_there(int seed)
    {
        SkipUnlessDirect();
        var random = new Random(seed);
        using var store = Open(minRewriteSize: 1 << 20);
        var table = store.Of(Key).IPv4;
        Assert.True(store.Commit(isDurable: true));
        var durable = new HashSet<int>();
        var before = File.ReadAllBytes(FilePath);
        for (var number = 1; number < 200;)
        {
            var noted = new List<int>();
            for (var i = random.Next(1, random.Next(2) == 0 ? 3 : 30); i > 0; i--, number++)
            {
                _ = table.Bind((UInt128)number, Client(number), SamplePlans.Mac(number % 256), $"host-{number}", LeaseRecord.Never);
                noted.Add(number);
            }

            // What is not waited for is in the same danger as the next write that is.
            Assert.True(store.Commit(isDurable: false) && (random.Next(3) == 0 || store.Commit(isDurable: true)));
            var after = File.ReadAllBytes(FilePath);
            for (var i = 0; i < 20; i++)
            {
                Assert.Superset(durable, AfterCrash(Tear(before, after, random)).Keys.ToHashSet());
            }

            Assert.True(store.Commit(isDurable: true));
            durable.UnionWith(noted);
            before = File.ReadAllBytes(FilePath);
        }
    }

    [Fact]
    public void After_a_torn_write_the_next_one_leaves_what_was_durable_as_it_was()
    {
        SkipUnlessDirect();
        var random = new Random(1);
        byte[] before;
        using (var store = Open())
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(1), null, "one", LeaseRecord.Never);
            Assert.True(store.Commit(isDurable: true));
            before = File.ReadAllBytes(FilePath);
            _ = store.Of(Key).IPv4.Bind(2, Client(2), null, "two", LeaseRecord.Never);
            Assert.True(store.Commit(isDurable: true));
        }

        var torn = Tear(before, File.ReadAllBytes(FilePath), random);
        File.WriteAllBytes(FilePath, torn);
        using var again = Open();
        _ = again.Of(Key).IPv4.Bind(3, Client(3), null, "three", LeaseRecord.Never);
        Assert.True(again.Commit(isDurable: true));

        var bytes = File.ReadAllBytes(FilePath);
        var kept = JournalFile.Used(before);
        Assert.Equal(kept, bytes.AsSpan(0, kept.Length));
        Assert.Superset(new HashSet<int> { 1, 3 }, AfterCrash(bytes).Keys.ToHashSet());
        Assert.False(File.Exists(FilePath + ".damaged"));
    }

    private void SkipUnlessDirect()
    {
        using var file = AppendFile.Open(FilePath, isDirect: true);
        Assert.SkipUnless(file.IsDirect, "this file system writes through the page cache alone");
    }

    /// <summary>Each sector that a write changes is as before, as after, half of each, or not to be made sense of.</summary>
    private static byte[] Tear(byte[] before, byte[] after, Random random)
    {
        var torn = after.ToArray();
        var old = new byte[after.Length];
        before.AsSpan(0, Math.Min(before.Length, old.Length)).CopyTo(old);
        for (var start = 0; start < torn.Length; start += Sector)
        {
            var sector = torn.AsSpan(start, Math.Min(Sector, torn.Length - start));
            var was = old.AsSpan(start, sector.Length);
            if (sector.SequenceEqual(was))
            {
                continue;
            }

            switch (random.Next(4))
            {
                case 0:
                    was.CopyTo(sector);
                    break;
                case 1:
                    was[(sector.Length / 2)..].CopyTo(sector[(sector.Length / 2)..]);
                    break;
                case 2:
                    random.NextBytes(sector);
                    break;
            }
        }

        return torn;
    }
}
