using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.HaProxy.Configuration;

/// <summary>The files of a proxy, below <c>ns-metadata-proxy</c> as in Neutron; those of a segment's are in a directory of the segment.</summary>
/// <param name="Config">Its configuration. No other process has it in its command line: the mark that a process is ours.</param>
internal sealed record ProxyPaths(string Config)
{
    private const string DirectoryName = "ns-metadata-proxy";
    private const string ConfigSuffix = ".conf";

    /// <summary>Where it writes its pid.</summary>
    public string Pid => Path.ChangeExtension(Config, null) + ".pid";

    /// <summary>A configuration that is tried.</summary>
    public string Trial => Config + ".new";

    public string Directory => Path.GetDirectoryName(Config)!;

    public static string DirectoryOf(string state) => Path.Combine(state, DirectoryName);

    public static ProxyPaths Of(string state, ServerKey key) => new(Path.Combine(DirectoryOf(state), $"{key}{ConfigSuffix}"));

    /// <summary>Whose configuration that is; <c>null</c> where it is nobody's.</summary>
    public static ServerKey? FindKey(string state, string config)
    {
        var root = DirectoryOf(state) + "/";
        if (!config.StartsWith(root, StringComparison.Ordinal) || !config.EndsWith(ConfigSuffix, StringComparison.Ordinal))
        {
            return null;
        }

        return config[root.Length..^ConfigSuffix.Length].Split('/') switch
        {
            [var network] when NetworkId.TryParse(network, null, out var id) => new(id),
            [var segment, var network] when NetworkId.TryParse(network, null, out var id) && SegmentId.TryParse(segment, null, out var segmentId) =>
                new(id, segmentId),
            _ => null,
        };
    }
}
