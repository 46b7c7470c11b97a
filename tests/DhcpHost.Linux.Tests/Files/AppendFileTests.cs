using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Tests.Files;

/// <summary>What is appended is there in its order, whether it goes past the page cache or through it.</summary>
public sealed class AppendFileTests : IDisposable
{
    private const int Block = 4096;

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-append-").FullName;

    private string FilePath => Path.Combine(_directory, "file");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(64 * 1024)]
    [InlineData(200_001)]
    public void A_direct_append_begins_behind_all_that_was_written_before_and_leaves_that_alone(int length)
    {
        var data = new byte[length];
        Array.Fill(data, (byte)7);
        using var file = AppendFile.Open(FilePath, isDirect: true);
        Assert.SkipUnless(file.IsDirect, "this file system writes through the page cache alone");
        foreach (var isDurable in (bool[])[true, false, true, true])
        {
            var start = (int)file.Length;
            file.Append(data, isDurable);
            Assert.Equal(!isDurable, file.IsUnflushed);
            var bytes = File.ReadAllBytes(FilePath);
            Assert.Equal(data, bytes.AsSpan(start, length));
            Assert.True(bytes.AsSpan(start + length).IndexOfAnyExcept((byte)0) < 0);
            Assert.InRange(file.Length, start + length, start + length + Block - 1);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Into_room_that_was_made_the_file_does_not_grow_and_what_is_left_of_it_can_be_taken_away(bool isDirect)
    {
        using var file = AppendFile.Open(FilePath, isDirect);
        file.Append(new byte[] { 1 }, isDurable: true);
        Assert.True(file.IsShortOfRoom);
        file.MakeRoom();
        Assert.False(file.IsShortOfRoom);
        var size = new FileInfo(FilePath).Length;
        file.Append(new byte[] { 2 }, isDurable: true);
        Assert.Equal(size, new FileInfo(FilePath).Length);

        file.CutRoom();

        Assert.InRange(new FileInfo(FilePath).Length, 2, file.Length + Block - 1);
        Assert.Equal([1, 2], File.ReadAllBytes(FilePath).Where(octet => octet != 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_written_through_the_page_cache_can_go_on_past_it_and_the_other_way_round(bool isDirect)
    {
        foreach (var (number, direct) in ((byte, bool)[])[(1, isDirect), (2, !isDirect), (3, isDirect)])
        {
            using var file = AppendFile.Open(FilePath, direct);
            file.Append(new[] { number, number }, isDurable: true);
            file.MakeRoom();
            file.Append(new[] { number }, isDurable: true);
            file.Truncate(file.Length - 1);
            file.Append(new[] { number }, isDurable: true);
            file.CutRoom();
        }

        Assert.Equal<byte>([1, 2, 3], File.ReadAllBytes(FilePath).Where(octet => octet != 0).Distinct());
    }
}
