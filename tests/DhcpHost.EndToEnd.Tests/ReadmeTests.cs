using System.Diagnostics;
using System.Text.RegularExpressions;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>The README's commands, as they are written, on a machine that has nothing of a DhcpHost yet.</summary>
public sealed partial class ReadmeTests : IAsyncLifetime
{
    // What the README's host keeps on the machine; each is an empty file system of its own here.
    private static readonly string[] Directories = ["/var/lib/dhcphost", "/run/dhcphost", "/var/cache/dhcphost", "/run/netns"];
    private static readonly string[] Files = ["/tmp/dhclient6.leases", "/tmp/dhclient6.pid"];

    private readonly string[] _made = [.. Directories.Where(directory => !Directory.Exists(directory))];

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "makes namespaces and servers: run it as root");
        foreach (var directory in _made)
        {
            _ = Directory.CreateDirectory(directory);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var directory in _made.Where(Directory.Exists).Where(directory => !Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            Directory.Delete(directory);
        }

        foreach (var file in Files)
        {
            File.Delete(file);
        }

        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Its_first_lines_end_with_an_IPv4_and_an_IPv6_lease()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Product.Root, "README.md"), TestContext.Current.CancellationToken);
        var run = readme.IndexOf("## Run it", StringComparison.Ordinal);
        var other = readme.IndexOf("In another terminal", StringComparison.Ordinal);
        Assert.True(run >= 0 && other > run, "README.md has no 'In another terminal' under 'Run it'");
        var first = ShellBlock().Match(readme, run).Groups[1].Value;
        var second = ShellBlock().Match(readme, other).Groups[1].Value;
        Assert.Equal("sudo ./run.sh", first.Trim());

        var (exitCode, output) = await RunIsolatedAsync(Script(first, second));

        Assert.True(exitCode == 0, output);
        Assert.Matches("networks +2: 2 ready", output);
        Assert.Matches(@"udhcpc: lease of 10\.77\.0\.1\d\d obtained", output);
        Assert.Matches(@"IAADDR fd77::1[0-9a-f]{3}", output);
        var leases = output[output.IndexOf("+ ./run.sh leases lab", StringComparison.Ordinal)..];
        Assert.Matches(@"10\.77\.0\.1\d\d", leases);
        Assert.Matches("fd77::1[0-9a-f]{3}", leases);
    }

    /// <summary>
    /// The host in the background, and the block's commands once the host answers that it is ready. <c>run.sh</c> is the executable that was built
    /// with these tests; everything else is as the README says it.
    /// </summary>
    private static string Script(string first, string second) => $$"""
        set -eu
        for directory in {{string.Join(' ', Directories)}}; do mount -t tmpfs -o mode=0755 tmpfs "$directory"; done
        mount -t sysfs sysfs /sys
        ip link set lo up
        cd '{{Product.Root}}'
        run() { [ $# -gt 0 ] || set -- run; '{{Product.Executable}}' --config '{{Product.Root}}/host.toml' "$@"; }
        {{AsRoot(first)}} &
        for attempt in $(seq 300); do
          [ ! -S /run/dhcphost/dhcphost.sock ] || [ "$(run status --json 2> /dev/null | grep -c '"is_synced": *true')" = 0 ] || break
          sleep 0.2
        done
        {{string.Join('\n', second.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Told))}}
        """;

    private static string Told(string line) => $"echo '+ {line.Replace("sudo ", "", StringComparison.Ordinal)}'\n{AsRoot(line)}";

    private static string AsRoot(string line) =>
        line.Trim().Replace("sudo ", "", StringComparison.Ordinal).Replace("./run.sh", "run", StringComparison.Ordinal);

    // With processes of its own, too: the host looks for its servers among all that there are, and all end with the first.
    private static async Task<(int ExitCode, string Output)> RunIsolatedAsync(string script)
    {
        string[] arguments = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", $"exec 2>&1\n{script}"];
        using var process = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(2 * HostProcess.Deadline, TestContext.Current.CancellationToken);
        }
        finally
        {
            process.Kill();
        }

        return (process.ExitCode, await output);
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
