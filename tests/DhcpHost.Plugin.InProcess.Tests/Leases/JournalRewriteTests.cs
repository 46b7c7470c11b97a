using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>The file is written anew beside the one in use, in which writes go on meanwhile.</summary>
public sealed class JournalRewriteTests : LeaseStoreTest
{
    private const int MinRewriteSize = 100_000;

    [Fact]
    public void A_file_that_has_grown_is_replaced_when_nothing_else_is_to_be_written()
    {
        using var store = Open(MinRewriteSize);
        Fill(store, MinRewriteSize);
        var grown = JournalFile.Used(FilePath);
        Assert.True(grown >= MinRewriteSize);

        SwitchFiles(store);

        Assert.InRange(JournalFile.Used(FilePath), 1, grown / 2);
        Assert.False(File.Exists(FilePath + ".new"));
        Assert.Equal(Enumerable.Range(1, 10), AfterCrash().Keys.Order());
    }

    [Fact]
    public void What_is_written_while_the_new_file_is_made_is_in_it_too()
    {
        using var store = Open(MinRewriteSize);
        Fill(store, MinRewriteSize);
        for (var i = 100; i < 120; i++)
        {
            _ = store.Of(Key).IPv4.Bind((UInt128)i, Client(i), null, null, LeaseRecord.Never);
            Assert.True(store.Of(Key).IPv4.Remove((UInt128)(i - 99)) || i >= 110);
            Assert.True(store.Commit(isDurable: i % 2 == 0));
            Assert.Contains(i, AfterCrash().Keys);
        }

        SwitchFiles(store);

        Assert.Equal(Enumerable.Range(100, 20), AfterCrash().Keys.Order());
    }

    [Fact]
    public void While_the_new_file_cannot_be_made_the_old_one_goes_on_until_it_is_twice_as_large()
    {
        using var store = Open(MinRewriteSize);
        _ = Directory.CreateDirectory(FilePath + ".new");
        Fill(store, MinRewriteSize);
        Fill(store, MinRewriteSize * 3 / 2);
        Assert.Null(store.Failure);

        for (var i = 0; store.Failure is null && i < 1000; i++)
        {
            _ = store.Of(Key).IPv4.Bind(1, Client(i % 2), null, null, LeaseRecord.Never);
            _ = store.Commit(isDurable: true);
        }

        Assert.NotNull(store.Failure);
        Directory.Delete(FilePath + ".new");
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(store.Commit(isDurable: true));
        Assert.InRange(JournalFile.Used(FilePath), 1, MinRewriteSize / 2);
        Assert.Equal(Enumerable.Range(1, 10), AfterCrash().Keys.Order());
    }

    [Fact]
    public void Who_ends_the_store_while_the_new_file_is_made_finds_all_of_it_in_the_old_one()
    {
        using (var store = Open(MinRewriteSize))
        {
            Fill(store, MinRewriteSize);
            _ = store.Of(Key).IPv4.Bind(99, Client(99), null, null, LeaseRecord.Never);
        }

        Assert.False(File.Exists(FilePath + ".new"));
        Assert.Equal([.. Enumerable.Range(1, 10), 99], AfterCrash().Keys.Order());
    }

    [Fact]
    public void Room_for_later_writes_is_made_when_nothing_else_is_to_be_written()
    {
        using var store = Open();
        Fill(store, 1);
        var size = new FileInfo(FilePath).Length;
        Fill(store, (int)size - 4_000);
        Assert.Equal(size, new FileInfo(FilePath).Length);

        _ = store.Commit(0);
        store.Finish();

        Assert.InRange(new FileInfo(FilePath).Length, size + 1, long.MaxValue);
    }

    /// <summary>Ten leases change their clients until the file has so many bytes.</summary>
    private void Fill(LeaseStore store, int size)
    {
        for (var i = 0; JournalFile.Used(FilePath) < size || i < 20; i++)
        {
            for (var address = 1; address <= 10; address++)
            {
                _ = store.Of(Key).IPv4.Bind((UInt128)address, Client(address + (i % 2 * 10)), null, null, LeaseRecord.Never);
            }

            Assert.True(store.Commit(isDurable: true));
        }
    }

    private static void SwitchFiles(LeaseStore store)
    {
        store.Detach();
        _ = store.Commit(0);
        store.Finish();
        _ = store.Commit(0);
        store.Finish();
    }
}
