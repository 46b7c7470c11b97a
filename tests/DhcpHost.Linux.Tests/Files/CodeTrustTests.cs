using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Tests.Files;

public sealed class CodeTrustTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("dhcphost-trust-").FullName;

    public CodeTrustTests()
    {
        _ = Directory.CreateDirectory(Folder);
        File.WriteAllText(Code, "");
    }

    private string Folder => Path.Combine(_parent, "code");

    private string Code => Path.Combine(Folder, "a.dll");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void What_only_its_owner_can_write_is_trusted()
    {
        Assert.Null(CodeTrust.FindFaultOfFolder(Folder));
        Assert.Null(CodeTrust.FindFault(Code));
    }

    [Fact]
    public void What_others_can_write_is_not_and_the_cure_is_told()
    {
        Open(Code, UnixFileMode.OtherWrite);
        Assert.Equal($"{Code} can be written by everybody; run: chmod go-w '{Code}'", CodeTrust.FindFault(Code));

        Open(Folder, UnixFileMode.GroupWrite);
        Assert.Equal($"{Folder} can be written by its group; run: chmod go-w '{Folder}'", CodeTrust.FindFaultOfFolder(Folder));
    }

    [Fact]
    public void A_folder_is_as_safe_as_the_one_that_it_is_in_unless_only_owners_move_there_what_is_theirs()
    {
        Open(_parent, UnixFileMode.OtherWrite);
        Assert.Contains(_parent, CodeTrust.FindFaultOfFolder(Folder));

        Open(_parent, UnixFileMode.StickyBit);
        Assert.Null(CodeTrust.FindFaultOfFolder(Folder));
    }

    [Fact]
    public void What_belongs_to_somebody_else_is_not_trusted()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        Assert.Equal(0, Libc.lchown(Code, 12345, 12345));

        Assert.Equal($"{Code} belongs to the user 12345, who could change it; run: chown 0 '{Code}'", CodeTrust.FindFault(Code));
    }

    private static void Open(string path, UnixFileMode more) => File.SetUnixFileMode(path, File.GetUnixFileMode(path) | more);
}
