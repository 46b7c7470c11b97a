using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Plugin.Files;

/// <summary>Where the files source looks, and how much it takes.</summary>
public sealed class FilesOptions
{
    /// <summary>The directory of the networks' files; a relative one starts at the directory of `host.toml`.</summary>
    [MinLength(1)]
    public string Directory { get; init; } = "networks";

    /// <summary>How often all files are read again, in case that the kernel's news were incomplete.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RescanInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a file has to be missing before its network is: editors and deployments replace files in two steps.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RemovalDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The largest file.</summary>
    public ByteSize MaxFileSize { get; init; } = ByteSize.FromMebibytes(8);

    /// <summary>The most files that are read; those beyond, in the order of their names, are reported.</summary>
    [Range(1, 1_000_000)]
    public int MaxNetworks { get; init; } = 10_000;

    /// <summary>The most subnets of a network.</summary>
    [Range(1, 10_000)]
    public int MaxSubnets { get; init; } = 64;

    /// <summary>The most reservations of a network.</summary>
    [Range(1, 1_000_000)]
    public int MaxReservations { get; init; } = 65_536;
}
