using DhcpHost.Scripting.Compilation;

namespace DhcpHost.Scripting.Tests;

/// <summary>Scripts that came compiled with the program.</summary>
public sealed class ScriptSeedTests : IAsyncDisposable
{
    private const string Policy = "policies/admit-network.csx";
    private const string Text = "Decide(c => AdmitDecision.Refuse(\"by script\"));";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-seed-");
    private readonly CountingCompiler _compiler = new();
    private readonly RecordingLoggers _loggers = new();
    private readonly ScriptLab _lab;

    public ScriptSeedTests()
    {
        _lab = new(_compiler, loggers: _loggers, seed: Seed);
        _lab.Write(Policy, Text);
    }

    private string Seed => Path.Combine(_directory.FullName, "program", "compiled-scripts");

    private string SeedFile => Assert.Single(Directory.GetFiles(Seed));

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _directory.Delete(recursive: true);
        _loggers.Dispose();
    }

    [Fact]
    public async Task What_came_with_the_program_is_neither_compiled_nor_copied()
    {
        await SeedAsync();

        await _lab.StartAsync();

        Assert.Equal("by script", _lab.Admit().Value.Reason);
        Assert.Equal(0, _compiler.Count);
        Assert.False(Directory.Exists(_lab.Cache));
        Assert.Empty(_loggers.Messages);
    }

    [Fact]
    public async Task An_edited_script_is_compiled_and_its_old_content_is_found_again()
    {
        await SeedAsync();
        await _lab.StartAsync();

        await _lab.PutAsync(Policy, Text.Replace("by script", "by another", StringComparison.Ordinal));
        Assert.Equal(("by another", 1), (_lab.Admit().Value.Reason, _compiler.Count));

        await _lab.PutAsync(Policy, Text);
        Assert.Equal(("by script", 1), (_lab.Admit().Value.Reason, _compiler.Count));
        _ = Assert.Single(Directory.GetFiles(_lab.Cache));
    }

    [Fact]
    public async Task The_host_s_own_cache_comes_first()
    {
        await _lab.StartAsync();
        await SeedAsync();
        FileDamage.Do("flip", SeedFile);

        await using var next = new ScriptLab(_compiler, loggers: _loggers, cache: _lab.Cache, seed: Seed);
        next.Write(Policy, Text);
        await next.StartAsync();

        Assert.Equal(("by script", 1), (next.Admit().Value.Reason, _compiler.Count));
        Assert.Empty(_loggers.Messages);
    }

    [Theory]
    [MemberData(nameof(FileDamage.Ways), MemberType = typeof(FileDamage))]
    public async Task What_is_not_as_it_was_published_is_left_alone_and_compiled(string damage)
    {
        await SeedAsync();
        FileDamage.Do(damage, SeedFile);

        await StartAndCompileAsync();

        Assert.Contains("The cached script", Assert.Single(_loggers.Messages).Message);
    }

    [Fact]
    public async Task Another_script_under_the_name_of_one_is_not_taken_for_it()
    {
        await SeedAsync();
        var name = SeedFile;
        _lab.Write(Policy, "Decide(c => AdmitDecision.Admit);");
        await SeedAsync();
        File.Move(SeedFile, name);
        _lab.Write(Policy, Text);

        await StartAndCompileAsync();

        Assert.Contains("another one under this name", Assert.Single(_loggers.Messages).Message);
    }

    [Theory]
    [InlineData("", UnixFileMode.OtherWrite)]
    [InlineData("", UnixFileMode.GroupWrite)]
    [InlineData("..", UnixFileMode.GroupWrite)]
    public async Task A_folder_into_which_others_may_write_is_refused_whole_with_the_cure(string place, UnixFileMode mode)
    {
        await SeedAsync();
        _lab.Write("policies/pool-size.csx", "Decide(c => 3);");
        var path = Path.GetFullPath(Path.Combine(Seed, place));
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | mode);

        await StartAndCompileAsync(scripts: 2);

        Assert.Contains($"chmod go-w '{path}'", Assert.Single(_loggers.Messages).Message);
    }

    [Fact]
    public async Task A_program_without_compiled_scripts_compiles_them_and_says_nothing()
    {
        await StartAndCompileAsync();

        Assert.Empty(_loggers.Messages);
    }

    private async Task StartAndCompileAsync(int scripts = 1)
    {
        await _lab.StartAsync();
        Assert.Equal(("by script", scripts), (_lab.Admit().Value.Reason, _compiler.Count));
        Assert.Equal(scripts, Directory.GetFiles(_lab.Cache).Length);
    }

    private async Task SeedAsync()
    {
        using var error = new StringWriter();
        Assert.Equal(0, await SeedScriptsCommand.RunAsync(_lab.Root, Seed, error, ScriptLab.Cancellation));
        Assert.Empty(error.ToString());
    }
}
