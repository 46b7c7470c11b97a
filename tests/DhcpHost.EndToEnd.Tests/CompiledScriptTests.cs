using System.Diagnostics;
using DhcpHost.Core.Scripts;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>The scripts that ship, compiled beside the program when it is published.</summary>
public sealed class CompiledScriptTests : EndToEndTest
{
    private const string Scripts = "compiled-scripts";

    private readonly string _copy = Directory.CreateTempSubdirectory("dhcphost-program-").FullName;

    public CompiledScriptTests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Product.Root, "scripts"), "*.csx", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(Host.ScriptsDirectory, Path.GetRelativePath(Path.Combine(Product.Root, "scripts"), file)));
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_copy, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_first_start_of_what_is_published_compiles_nothing()
    {
        Assert.SkipUnless(Product.IsPublished, "needs the program as it is published");

        await Host.StartSyncedAsync(Token);

        await ExpectAllInForceAsync(compiled: 0);
        Assert.False(Directory.Exists(Path.Combine(Host.Root, "cache", "compiler")), "a compiler was started");
        Assert.False(Directory.Exists(Path.Combine(Host.Root, "cache", "scripts")), "something was put into the cache");
    }

    [Fact]
    public async Task A_script_that_was_edited_is_compiled_before_a_start_and_while_the_host_runs()
    {
        await PublishCopyAsync();
        Edit("server-options");
        await Host.StartSyncedAsync(Token);
        await ExpectAllInForceAsync(compiled: 1);

        Edit("admit-network");
        _ = await Host.WaitForEventAsync("script.loaded", item => item.Message.Contains("admit-network", StringComparison.Ordinal), Token);
        await Eventually.TrueAsync(async () => await CountCompiledAsync() == 2, HostProcess.Deadline, Token);
        await ExpectAllInForceAsync(compiled: 2);
    }

    [Fact]
    public async Task What_is_damaged_another_s_or_another_script_is_compiled_as_if_it_were_not_there()
    {
        await PublishCopyAsync();
        var files = Directory.GetFiles(Path.Combine(_copy, Scripts));
        var bytes = await File.ReadAllBytesAsync(files[0], Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(files[0], bytes, Token);
        await RunAsync("chown", "nobody", files[1]);
        File.SetUnixFileMode(files[2], File.GetUnixFileMode(files[2]) | UnixFileMode.OtherWrite);
        File.Copy(files[4], files[3], overwrite: true);

        await Host.StartSyncedAsync(Token);

        await ExpectAllInForceAsync(compiled: 4);
    }

    [Fact]
    public async Task A_folder_that_anyone_may_write_to_is_not_used()
    {
        await PublishCopyAsync();
        File.SetUnixFileMode(Path.Combine(_copy, Scripts), (UnixFileMode)0b111_111_111);

        await Host.StartSyncedAsync(Token);

        await ExpectAllInForceAsync(compiled: Directory.GetFiles(Path.Combine(_copy, Scripts)).Length);
    }

    /// <summary>A program of this test's own, with its scripts compiled as publishing does it.</summary>
    private async Task PublishCopyAsync()
    {
        await RunAsync("cp", "-a", $"{Path.GetDirectoryName(Product.Executable)}/.", _copy);
        Host.Executable = Path.Combine(_copy, "dhcphost");
        await RunAsync(Host.Executable, "seed-scripts", Path.Combine(Product.Root, "scripts"), Path.Combine(_copy, Scripts));
    }

    private void Edit(string policy)
    {
        var file = Path.Combine(Host.ScriptsDirectory, "policies", $"{policy}.csx");
        Host.WriteScript($"policies/{policy}", File.ReadAllText(file) + "\n// Edited.\n");
    }

    private async Task ExpectAllInForceAsync(int compiled)
    {
        var scripts = await Host.TryGetAsync<ScriptStatus[]>("/v1/scripts", Token);
        Assert.All(scripts!, script => Assert.True(script is { IsCurrent: true, Hash: not null }, $"{script.Name}: {string.Join('\n', script.Problems)}"));
        Assert.Equal(compiled, await CountCompiledAsync());
    }

    private async Task<int> CountCompiledAsync()
    {
        const string Metric = "dhcphost_script_compilations_total ";
        var line = (await Host.MetricsAsync(Token)).Split('\n').Single(line => line.StartsWith(Metric, StringComparison.Ordinal));
        return int.Parse(line[Metric.Length..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token).WaitAsync(HostProcess.Deadline, Token);
        Assert.Equal(0, process.ExitCode);
    }
}
