using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly FileOwner Nobody = new(65534, 65534);

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-files-").FullName;

    private string Target => Path.Combine(_directory, "hosts");

    [Fact]
    public void New_content_is_written_with_mode_and_owner()
    {
        Assert.True(AtomicFile.WriteIfChanged(Target, "one\n"u8, Readable, Nobody, flush: true));
        Assert.Equal("one\n", File.ReadAllText(Target));
        var status = FileStatus.At(Target)!.Value;
        Assert.Equal((Readable, Nobody), (status.Permissions, new FileOwner(status.Owner, status.Group)));
        Assert.Equal([Target], Directory.GetFiles(_directory));
    }

    [Fact]
    public void A_rehearsal_leaves_nothing_and_fails_as_the_write_would()
    {
        File.WriteAllText(Target, "one\n");
        AtomicFile.Rehearse(Target, 100_000);
        Assert.Equal("one\n", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_directory));

        var missing = Assert.Throws<LinuxException>(() => AtomicFile.Rehearse(Path.Combine(_directory, "none", "hosts"), 1));
        Assert.Equal(Errno.ENOENT, missing.Errno);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(300_000)]
    public void The_same_content_leaves_the_file_untouched(int length)
    {
        var content = new byte[length];
        Random.Shared.NextBytes(content);
        Assert.True(AtomicFile.WriteIfChanged(Target, content, Private));
        var before = FileStatus.At(Target)!.Value.Inode;
        Assert.False(AtomicFile.WriteIfChanged(Target, content, Private));
        Assert.Equal(before, FileStatus.At(Target)!.Value.Inode);
        Assert.Equal(content, File.ReadAllBytes(Target));

        if (length > 0)
        {
            content[^1] ^= 1;
            Assert.True(AtomicFile.WriteIfChanged(Target, content, Private));
            Assert.Equal(content, File.ReadAllBytes(Target));
            Assert.True(AtomicFile.WriteIfChanged(Target, content.AsSpan(1), Private));
        }
    }

    [Fact]
    public void Mode_and_owner_are_corrected_though_the_content_is_the_same()
    {
        Assert.True(AtomicFile.WriteIfChanged(Target, "x"u8, Readable));
        Assert.False(AtomicFile.WriteIfChanged(Target, "x"u8, Private, Nobody));
        var status = FileStatus.At(Target)!.Value;
        Assert.Equal((Private, Nobody), (status.Permissions, new FileOwner(status.Owner, status.Group)));
    }

    [Fact]
    public void A_symbolic_link_is_refused_and_its_target_untouched()
    {
        var victim = Path.Combine(_directory, "victim");
        File.WriteAllText(victim, "mine");
        _ = File.CreateSymbolicLink(Target, victim);
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => AtomicFile.WriteIfChanged(Target, "x"u8, Private)).Errno);
        Assert.Equal("mine", File.ReadAllText(victim));
    }

    [Fact]
    public void A_directory_in_the_way_and_a_missing_one_are_typed_errors()
    {
        _ = Directory.CreateDirectory(Target);
        Assert.Equal(Errno.EISDIR, Assert.Throws<LinuxException>(() => AtomicFile.WriteIfChanged(Target, "x"u8, Private)).Errno);
        var missing = Path.Combine(_directory, "none", "file");
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => AtomicFile.WriteIfChanged(missing, "x"u8, Private)).Errno);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_content_and_no_temporary_file()
    {
        Assert.Equal(0, Libc.mount("tmpfs", _directory, "tmpfs", 0, 0));
        try
        {
            const string Old = "old content";
            Assert.True(AtomicFile.WriteIfChanged(Target, "old content"u8, Private));
            Fill(Path.Combine(_directory, "filler"));
            var failure = Assert.Throws<LinuxException>(() => AtomicFile.WriteIfChanged(Target, new byte[1 << 20], Private));
            Assert.Equal(Errno.ENOSPC, failure.Errno);
            Assert.True(failure.IsExhausted);
            Assert.Equal(Old, File.ReadAllText(Target));
            Assert.Equal(
                ["filler", "hosts"], Directory.GetFiles(_directory, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName).Order());
        }
        finally
        {
            Assert.Equal(0, Libc.umount2(_directory, Libc.MNT_DETACH));
        }
    }

    [Fact]
    public void What_a_crash_left_is_deleted_and_nothing_else()
    {
        Assert.True(AtomicFile.WriteIfChanged(Target, "x"u8, Private));
        File.WriteAllText(Path.Combine(_directory, ".hosts.0123456789ab.dhcphost-new"), "half");
        File.WriteAllText(Path.Combine(_directory, ".hidden"), "other");
        Assert.Equal(1, AtomicFile.DeleteLeftovers(_directory));
        Assert.Equal(
            [".hidden", "hosts"], Directory.GetFiles(_directory, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_file()
    {
        var contents = Enumerable.Range(0, 10).Select(i => Enumerable.Repeat((byte)('a' + i), 50_000 + i).ToArray()).ToArray();
        Assert.True(AtomicFile.WriteIfChanged(Target, contents[0], Private));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                var reads = 0;
                for (; !done.IsCancellationRequested; reads++)
                {
                    var seen = File.ReadAllBytes(Target);
                    Assert.Contains(contents, c => c.AsSpan().SequenceEqual(seen));
                }
                return reads;
            },
            TestContext.Current.CancellationToken);
        for (var i = 1; i < 500; i++)
        {
            Assert.True(AtomicFile.WriteIfChanged(Target, contents[i % contents.Length], Private));
        }
        await done.CancelAsync();
        Assert.NotEqual(0, await reader);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Fill(string path)
    {
        // The tmpfs is half of the memory large: a size limit set by a remount makes it full at once.
        var options = System.Runtime.InteropServices.Marshal.StringToHGlobalAnsi("size=64k");
        Assert.Equal(0, Libc.mount("tmpfs", Path.GetDirectoryName(path)!, "tmpfs", 0x20 /* MS_REMOUNT */, options));
        using var file = File.Create(path);
        var chunk = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(chunk);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
