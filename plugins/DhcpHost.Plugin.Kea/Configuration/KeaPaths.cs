using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>The files of a network's servers.</summary>
/// <param name="Directory">Their own directory: <c>ROOT/NETWORK</c>, or <c>ROOT/SEGMENT/NETWORK</c>. It lasts.</param>
/// <param name="Runtime">Their sockets' directory, with a short name.</param>
internal sealed record KeaPaths(string Directory, string Runtime)
{
    private const int ShortBytes = 8;

    /// <summary>What a server reads when it starts; its path is in the command line, and nobody else's.</summary>
    public string Config(KeaFamily family) => Path.Combine(Directory, $"{family.Name}.json");

    public string Leases(KeaFamily family) => Path.Combine(Directory, $"{family.Name}.leases.csv");

    /// <summary>What the server has read, as this driver remembers it.</summary>
    public string Applied(KeaFamily family) => Path.Combine(Directory, $"{family.Name}.applied");

    /// <summary>The server's log.</summary>
    public string Log(KeaFamily family) => Path.Combine(Directory, $"{family.Name}.log");

    /// <summary>What the server says before it reads where its log is.</summary>
    public string Output(KeaFamily family) => Path.Combine(Directory, $"{family.Name}.output");

    public string Socket(KeaFamily family) => Path.Combine(Runtime, family.Name);

    public static KeaPaths Of(string root, string runtime, ServerKey key)
    {
        var directory = Path.Combine(root, key.ToString());
        return new(directory, Path.Combine(runtime, ShortName(directory)));
    }

    /// <summary>The server whose configuration that is.</summary>
    public static (ServerKey Key, KeaFamily Family)? Find(string root, string config)
    {
        if (!config.StartsWith(root + "/", StringComparison.Ordinal)
            || KeaFamily.All.FirstOrDefault(family => Path.GetFileName(config) == $"{family.Name}.json") is not { } found)
        {
            return null;
        }

        return config[(root.Length + 1)..].Split('/') switch
        {
            [var network, _] when Abstractions.Networks.NetworkId.TryParse(network, null, out var id) => (new(id), found),
            [var segment, var network, _] when Abstractions.Networks.NetworkId.TryParse(network, null, out var id)
                && Abstractions.Networks.SegmentId.TryParse(segment, null, out var segmentId) => (new(id, segmentId), found),
            _ => null,
        };
    }

    /// <summary>A short name for a long path.</summary>
    public static string ShortName(string directory) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)).AsSpan(0, ShortBytes));
}
