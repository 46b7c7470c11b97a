using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Finds the program, and asks it for its version and whether it can read a configuration.</summary>
internal sealed class ProxyBinary(HaProxyOptions options, ProcessSpawner spawner)
{
    private const string VersionPrefix = "HAProxy version ";
    private const string OldVersionPrefix = "HA-Proxy version ";
    private const int MaxOutputBytes = 4096;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>Directories that it may be in.</summary>
    public IEnumerable<string> Directories() => ProgramPath.DirectoriesOf(options.Binary);

    /// <summary>Its path.</summary>
    /// <exception cref="DhcpHostException">It is not there.</exception>
    public string Find() =>
        Directories().Select(directory => Path.Combine(directory, options.Binary)).FirstOrDefault(File.Exists)
        ?? throw new DhcpHostException(
            FailureKind.Transient, $"HAProxy is not there: '{options.Binary}' was not found. Install it (on Debian: apt install haproxy), "
                + $"or set drivers.haproxy.binary.");

    /// <summary>Its version, for people.</summary>
    /// <exception cref="DhcpHostException">It is not there, or is no HAProxy.</exception>
    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var path = Find();
        var result = await RunAsync(path, ["-v"], cancellationToken);
        var prefix = new[] { VersionPrefix, OldVersionPrefix }.FirstOrDefault(prefix => result.Output.StartsWith(prefix, StringComparison.Ordinal));
        return result.IsSuccess && prefix is not null
            ? $"HAProxy {result.Output[prefix.Length..].Split([' ', '\n'], 2)[0]} at {path}"
            : throw new DhcpHostException(
                FailureKind.Transient, $"{path} -v does not say that it is an HAProxy ({result.Exit}). Set drivers.haproxy.binary to one.");
    }

    /// <exception cref="DhcpHostException">It cannot read the configuration.</exception>
    public async Task TestAsync(string config, CancellationToken cancellationToken)
    {
        var result = await RunAsync(Find(), ["-c", "-q", "-f", config], cancellationToken);
        if (!result.IsSuccess)
        {
            throw new DhcpHostException(
                FailureKind.Invalid, $"HAProxy refuses its configuration, so that nothing was changed: {result.Error.Trim()} ({result.Exit})");
        }
    }

    private async Task<CommandResult> RunAsync(string path, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await spawner.RunToEndAsync(null, new(path, arguments), Deadline, MaxOutputBytes, cancellationToken);
        }
        catch (LinuxException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{path} cannot be run: {e.Message}. Check its mode, or set drivers.haproxy.binary.", e);
        }
    }
}
