using System.Diagnostics;
using DhcpHost.Scripting.Compilation;

namespace DhcpHost.Scripting.Tests;

public class ScriptCacheTests
{
    private const string Policy = "policies/admit-network.csx";
    private const string Text = "Decide(c => AdmitDecision.Refuse(\"by script\"));";

    [Fact]
    public async Task A_content_is_compiled_once_and_never_again()
    {
        var cache = Directory.CreateTempSubdirectory("dhcphost-cache-");
        try
        {
            var compiler = new CountingCompiler();
            await StartAndAdmitAsync(compiler, cache.FullName);
            Assert.Equal(1, compiler.Count);

            await StartAndAdmitAsync(compiler, cache.FullName);

            Assert.Equal(1, compiler.Count);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_cache_is_for_the_host_s_own_user_alone()
    {
        await using var lab = new ScriptLab();
        lab.Write(Policy, Text);
        await lab.StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(lab.Cache));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(lab.Cache))));
    }

    [Theory]
    [MemberData(nameof(FileDamage.Ways), MemberType = typeof(FileDamage))]
    public async Task A_cache_file_that_is_not_as_it_was_written_is_compiled_anew(string damage)
    {
        var cache = Directory.CreateTempSubdirectory("dhcphost-cache-");
        try
        {
            var compiler = new CountingCompiler();
            await StartAndAdmitAsync(compiler, cache.FullName);
            FileDamage.Do(damage, Assert.Single(cache.GetFiles()).FullName);

            await StartAndAdmitAsync(compiler, cache.FullName);
            Assert.Equal(2, compiler.Count);

            // And it is whole again.
            await StartAndAdmitAsync(compiler, cache.FullName);
            Assert.Equal(2, compiler.Count);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_costs_a_compilation_and_nothing_else()
    {
        await using var lab = new ScriptLab(cache: "/proc/no-cache-here/scripts");
        lab.Write(Policy, Text);
        await lab.StartAsync();

        Assert.False(lab.Admit().Value.IsAdmitted);
    }

    [Fact]
    public async Task A_start_from_the_cache_does_not_even_load_the_compiler()
    {
        await using var lab = new ScriptLab();
        lab.Write(Policy, Text);
        lab.Write("jobs/nightly.csx", "await Task.Yield();");

        var first = await RunChildAsync("load", lab.Root, lab.Cache);
        var second = await RunChildAsync("load", lab.Root, lab.Cache);

        Assert.Matches("^admit-network.csx@[0-9a-f]{8} compiler=True$", first);
        Assert.Matches("^admit-network.csx@[0-9a-f]{8} compiler=False$", second);
    }

    private static async Task StartAndAdmitAsync(IScriptCompiler compiler, string cache)
    {
        await using var lab = new ScriptLab(compiler, cache: cache);
        lab.Write(Policy, Text);
        await lab.StartAsync();
        Assert.Equal("by script", lab.Admit().Value.Reason);
    }

    private static async Task<string> RunChildAsync(params string[] arguments)
    {
        using var child = Process.Start(new ProcessStartInfo(TestChild.Path, arguments) { RedirectStandardOutput = true })!;
        var output = await child.StandardOutput.ReadToEndAsync(ScriptLab.Cancellation);
        await child.WaitForExitAsync(ScriptLab.Cancellation);
        Assert.Equal(0, child.ExitCode);
        return output.Trim();
    }
}
