using System.Diagnostics;

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

        using var process = Process.Start(
            new ProcessStartInfo(Product.Executable, ["check", "--config", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == expected, $"{process.ExitCode}\n{await output}\n{await error}");
        Assert.Equal(expected != 0, (await output).Contains("plugin openvswitch: ", StringComparison.Ordinal));
    }
}
