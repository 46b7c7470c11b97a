using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Tests.Files;

public sealed class FileStampTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-stamp-");

    private string File1 => Path.Combine(_directory.FullName, "a");

    private string File2 => Path.Combine(_directory.FullName, "b");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_file_that_nobody_touches_keeps_its_stamp_and_one_that_is_not_there_has_none()
    {
        File.WriteAllText(File1, "x");

        Assert.Equal(FileStamp.Of(File1), FileStamp.Of(File1));
        Assert.NotNull(FileStamp.Of(File1));
        Assert.Null(FileStamp.Of(File2));
    }

    [Fact]
    public void Another_file_in_its_place_has_another_stamp_though_it_looks_the_same()
    {
        File.WriteAllText(File1, "x");
        File.WriteAllText(File2, "y");
        File.SetLastWriteTimeUtc(File2, File.GetLastWriteTimeUtc(File1));
        var before = FileStamp.Of(File1);

        File.Move(File2, File1, overwrite: true);

        Assert.NotEqual(before, FileStamp.Of(File1));
    }

    [Fact]
    public void A_write_makes_another_stamp_also_behind_a_link()
    {
        File.WriteAllText(File1, "x");
        _ = File.CreateSymbolicLink(File2, File1);
        var before = FileStamp.Of(File2);
        Assert.Equal(FileStamp.Of(File1), before);

        File.AppendAllText(File1, "y");

        Assert.NotEqual(before, FileStamp.Of(File2));
    }
}
