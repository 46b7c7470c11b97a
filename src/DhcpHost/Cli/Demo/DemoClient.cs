using DhcpHost.Hosting;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Cli.Demo;

/// <summary>BusyBox's DHCP client, asking once.</summary>
internal sealed class DemoClient(DemoLab lab, string program)
{
    private const int OutputBytes = 4096;

    // It only notes what the server said: the demo's address is used by nobody.
    private const string Script = """
        #!/bin/sh
        [ "$1" = bound ] || exit 0
        { echo "address=$ip"; echo "subnet=$subnet"; echo "router=$router"; echo "serverid=$serverid"; echo "lease=$lease"; } > "$0.lease"

        """;

    private static readonly string[] ProgramDirectories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Finds a program that the demo needs.</summary>
    public static string FindProgram(string name, string package) =>
        ProgramDirectories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new CliException(ExitCodes.Unavailable, $"the demo needs '{name}', which is not installed", $"install it with 'apt install {package}'");

    /// <summary>Gets a lease: what the server said, by name; <c>null</c> where nobody answered.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> AskAsync(string network, NetworkNamespace ns, CancellationToken cancellationToken)
    {
        var script = Path.Combine(lab.Directory, $"client-{network}");
        await File.WriteAllTextAsync(script, Script, cancellationToken);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // In the foreground, once, quit with the lease; ten tries, a second apart.
        var spec = new SpawnSpec(program, ["-f", "-n", "-q", "-i", "eth0", "-s", script, "-t", "10", "-T", "1", "-A", "1"]);
        _ = await lab.Spawner.RunToEndAsync(ns, spec, Deadline, OutputBytes, cancellationToken);
        var lease = $"{script}.lease";
        if (!File.Exists(lease))
        {
            return null;
        }

        var lines = await File.ReadAllLinesAsync(lease, cancellationToken);
        return lines.Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }
}
