using DhcpHost.Scripting.Compilation;

namespace DhcpHost.Scripting.Tests;

public sealed class SeedScriptsCommandTests : IAsyncDisposable
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Pass = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-seed-");
    private readonly StringWriter _error = new();
    private readonly ScriptLab _lab = new();

    public SeedScriptsCommandTests()
    {
        _lab.Write("policies/pool-size.csx", "#load \"shared/size.csx\"\nDecide(c => Size());");
        _lab.Write("policies/shared/size.csx", "int Size() => 6;");
        _lab.Write("jobs/nightly.csx", "await Task.Yield();");
    }

    private string Seed => Path.Combine(_directory.FullName, "compiled-scripts");

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _error.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Policies_and_jobs_are_compiled_for_all_to_read_and_their_owner_to_write()
    {
        await RunAsync();

        Assert.Equal(2, Directory.GetFiles(Seed).Length);
        Assert.Equal(Read | Pass | UnixFileMode.UserWrite, File.GetUnixFileMode(Seed));
        Assert.All(Directory.GetFiles(Seed), file => Assert.Equal(Read | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task What_is_there_stays_what_is_new_is_compiled_and_what_no_script_needs_goes()
    {
        await RunAsync();
        var longAgo = new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc);
        var before = Directory.GetFiles(Seed);
        Assert.All(before, file => File.SetLastWriteTimeUtc(file, longAgo));
        await File.WriteAllTextAsync(Path.Combine(Seed, "of-another-build.script"), "", ScriptLab.Cancellation);

        _lab.Write("policies/shared/size.csx", "int Size() => 7;");
        await RunAsync();

        var after = Directory.GetFiles(Seed);
        Assert.Equal(2, after.Length);
        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(Assert.Single(after.Intersect(before))));
    }

    [Fact]
    public async Task A_damaged_one_is_compiled_anew()
    {
        await RunAsync();
        var contents = Directory.GetFiles(Seed).ToDictionary(file => file, File.ReadAllBytes);
        FileDamage.Do("flip", contents.Keys.First());

        await RunAsync();

        Assert.All(Directory.GetFiles(Seed), file => Assert.Equal(contents[file], File.ReadAllBytes(file)));
    }

    [Fact]
    public async Task A_script_with_errors_is_told_with_its_place_and_the_others_are_compiled()
    {
        _lab.Write("policies/admit-network.csx", "Decide(c =>\n  oops);");

        Assert.Equal(0, await SeedScriptsCommand.RunAsync(_lab.Root, Seed, _error, ScriptLab.Cancellation));

        Assert.Contains($"{_lab.Root}/policies/admit-network.csx:2:3: CS0103", _error.ToString());
        Assert.Equal(2, Directory.GetFiles(Seed).Length);
    }

    [Fact]
    public async Task No_scripts_at_all_are_no_error()
    {
        Assert.Equal(0, await SeedScriptsCommand.RunAsync(Path.Combine(_lab.Root, "nowhere"), Seed, _error, ScriptLab.Cancellation));

        Assert.Empty(Directory.GetFiles(Seed));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        var code = await SeedScriptsCommand.RunAsync(_lab.Root, "/proc/no-seed-here/scripts", _error, ScriptLab.Cancellation);

        Assert.Equal(73, code);
        Assert.StartsWith("seed-scripts: ", _error.ToString());
    }

    private async Task RunAsync()
    {
        Assert.Equal(0, await SeedScriptsCommand.RunAsync(_lab.Root, Seed, _error, ScriptLab.Cancellation));
        Assert.Empty(_error.ToString());
    }
}
