using System.Diagnostics;
using DhcpHost.Linux.Files;

namespace DhcpHost.EndToEnd.Tests;

/// <summary><c>dhcphost check</c>, as it is delivered.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-check-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("", 0)]
    [InlineData("[drivers.openvswitch]\novsdb_connection = \"unix:/no/such/socket\"\n", 1)]
    public async Task A_driver_that_cannot_work_here_is_a_problem_only_where_the_site_uses_it(string table, int expected)
    {
        var path = await WriteConfigAsync(table);

        var (code, output, error) = await RunAsync(Product.Executable, "check", "--config", path);

        Assert.True(code == expected, $"{code}\n{output}\n{error}");
        Assert.Equal(expected != 0, output.Contains("plugin openvswitch: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Errors_of_the_host_and_of_its_plugins_are_told_in_one_go()
    {
        var path = await WriteConfigAsync("[limits]\nworkers_max = 0\n[drivers.dnsmasq]\nprogramm = \"/x\"\n[sources.files]\ndirectory = 3\n[drivers.kae]\n");

        var (code, output, error) = await RunAsync(Product.Executable, "check", "--config", path);

        Assert.True(code == 78, $"{code}\n{output}\n{error}");
        Assert.Equal(
            ["limits.workers_max", "drivers.dnsmasq.programm", "sources.files.directory", "drivers.kae"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ")[1]));
    }

    [Fact]
    public async Task Plugins_are_not_loaded_where_it_is_not_known_which_are_trusted()
    {
        var path = await WriteConfigAsync("[plugins.sha256]\nfiles = 5\n[drivers.dnsmasq]\nprogramm = \"/x\"\n");

        var (code, output, _) = await RunAsync(Product.Executable, "check", "--config", path);

        Assert.Equal(78, code);
        Assert.StartsWith("plugins.sha256", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split(": ")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_rights_is_told_whether_the_configuration_is_right()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be somebody else");
        Assert.SkipUnless(FileOwner.TryFind("nobody")?.FindObstacle(Path.GetDirectoryName(Product.Executable)!) is null, "nobody cannot get at the program");
        var path = await WriteConfigAsync("");
        File.SetUnixFileMode(_directory.FullName, (UnixFileMode)0b111_101_101);

        var (code, output, error) = await RunAsync(
            "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", Product.Executable, "check", "--config", path);

        Assert.True(code == 0, $"{code}\n{output}\n{error}");
        Assert.StartsWith("ok: ", output, StringComparison.Ordinal);
    }

    private async Task<string> WriteConfigAsync(string table)
    {
        var path = Path.Combine(_directory.FullName, "host.toml");
        await File.WriteAllTextAsync(
            path,
            $"""
            [host]
            state_directory = "state"
            cache_directory = "cache"
            [plugins]
            directories = ["{Product.Plugins}"]
            [scripts]
            directory = "{Product.Root}/scripts"
            {table}
            """,
            TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
