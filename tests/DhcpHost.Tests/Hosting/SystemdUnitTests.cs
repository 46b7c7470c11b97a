using System.Diagnostics;
using DhcpHost.Tests.Configuration;

namespace DhcpHost.Tests.Hosting;

public sealed class SystemdUnitTests
{
    private static readonly string[] MountNamespaceSettings =
    [
        "PrivateTmp", "PrivateDevices", "PrivateMounts", "PrivateUsers", "PrivateNetwork", "ProtectSystem", "ProtectHome", "ProtectControlGroups",
        "ProtectKernelModules",
        "ProtectKernelTunables", "ProtectKernelLogs", "ProtectHostname", "ProtectProc", "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "BindPaths",
        "TemporaryFileSystem",
        "RootDirectory", "DynamicUser",
    ];

    private static string UnitPath => Path.Combine(ShippedConfig.Top, "eng", "systemd", "dhcphost.service");

    [Fact]
    public async Task Systemd_accepts_the_unit_without_a_word()
    {
        var directory = Directory.CreateTempSubdirectory("dhcphost-unit-").FullName;
        try
        {
            var unit = Path.Combine(directory, "dhcphost.service");
            // The program is where a package puts it; here it is where the build put it.
            var text = (await File.ReadAllTextAsync(UnitPath, TestContext.Current.CancellationToken))
                .Replace("/usr/lib/dhcphost/dhcphost", Testing.Product.Executable, StringComparison.Ordinal);
            await File.WriteAllTextAsync(unit, text, TestContext.Current.CancellationToken);
            using var verify = Process.Start(
                new ProcessStartInfo("systemd-analyze", ["verify", unit]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
                + await verify.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await verify.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(verify.ExitCode == 0, said);
            Assert.DoesNotContain("dhcphost.service", said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void The_unit_leaves_servers_running_and_stays_in_the_hosts_mount_namespace()
    {
        var settings = File.ReadLines(UnitPath).Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);
        Assert.Equal(["process"], settings["KillMode"]);
        Assert.Equal(["continue"], settings["OOMPolicy"]);
        Assert.DoesNotContain(MountNamespaceSettings, settings.Contains);
    }
}
