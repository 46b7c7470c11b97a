using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Tests.Files;

public sealed class PrivateDirectoryTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("dhcphost-dirs-").FullName;

    private string Target => Path.Combine(_parent, "net");

    [Fact]
    public void Made_or_corrected_once_and_left_alone_afterwards()
    {
        Assert.True(PrivateDirectory.Ensure(Target));
        Assert.Equal(PrivateDirectory.DefaultMode, FileStatus.At(Target)!.Value.Permissions);
        Assert.False(PrivateDirectory.Ensure(Target));

        File.SetUnixFileMode(Target, (UnixFileMode)0x1ED /* 0755 */);
        var nobody = FileOwner.TryFind("nobody")!.Value;
        Assert.True(PrivateDirectory.Ensure(Target, owner: nobody));
        var status = FileStatus.At(Target)!.Value;
        Assert.Equal((PrivateDirectory.DefaultMode, nobody), (status.Permissions, new FileOwner(status.Owner, status.Group)));
        Assert.False(PrivateDirectory.Ensure(Target, owner: nobody));
    }

    [Fact]
    public void A_symbolic_link_a_file_and_a_missing_parent_are_refused()
    {
        _ = File.CreateSymbolicLink(Target, _parent);
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => PrivateDirectory.Ensure(Target)).Errno);
        File.Delete(Target);
        File.WriteAllText(Target, "");
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => PrivateDirectory.Ensure(Target)).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => PrivateDirectory.Ensure(Path.Combine(_parent, "a", "b"))).Errno);
    }

    [Fact]
    public void An_unknown_user_is_not_found()
    {
        Assert.Equal(FileOwner.Root, FileOwner.TryFind("root"));
        Assert.Null(FileOwner.TryFind("no-such-user-here"));
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
