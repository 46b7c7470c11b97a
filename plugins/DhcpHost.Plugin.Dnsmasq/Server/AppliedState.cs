using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>
/// What a running server has read, kept beside its files: also after a crash in the middle of an apply it tells what is still to be done.
/// </summary>
internal sealed record AppliedState
{
    /// <summary>The form of this record; another is as good as none.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required ProcessIdentity Identity { get; init; }

    /// <summary>The version of the program that runs; the one on the disk may be newer.</summary>
    public required string BinaryVersion { get; init; }

    /// <summary>Digests of the files, as the server read them last.</summary>
    public required string Hosts { get; init; }

    public required string AddnHosts { get; init; }

    public required string Opts { get; init; }

    /// <summary>Host lines with <c>set:</c> were among what it read.</summary>
    public required bool HasTaggedHosts { get; init; }

    /// <summary>It gives leases without an end.</summary>
    public required bool GivesEndlessLeases { get; init; }

    public required string Namespace { get; init; }

    public required string Device { get; init; }

    /// <summary>The addresses that it serves on, without their prefix lengths.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    public static AppliedState Of(
        ProcessIdentity identity, string binaryVersion, DnsmasqConfiguration configuration, bool givesEndlessLeases, InterfaceBinding binding) => new()
        {
            Identity = identity,
            BinaryVersion = binaryVersion,
            Hosts = Digest(configuration.Hosts),
            AddnHosts = Digest(configuration.AddnHosts),
            Opts = Digest(configuration.Opts),
            HasTaggedHosts = HasTags(configuration.Hosts),
            GivesEndlessLeases = givesEndlessLeases,
            Namespace = binding.Namespace,
            Device = binding.Device,
            Addresses = [.. binding.Addresses.Select(address => address.ToString())],
        };

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static bool HasTags(string hosts) => hosts.Contains(",set:", StringComparison.Ordinal);
}
