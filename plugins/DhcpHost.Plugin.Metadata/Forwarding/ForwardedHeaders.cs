using System.Collections.Frozen;
using System.Net;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>
/// What a client's request may say to the agent or to Nova. All else is left out, above all whatever says who the client is: X-Forwarded-For,
/// X-Instance-ID, X-Tenant-ID, X-Neutron-Network-ID, X-Metadata-Provider, and their spellings that servers take for the same.
/// </summary>
internal static class ForwardedHeaders
{
    public const string ForwardedFor = "X-Forwarded-For";
    public const string NetworkId = "X-Neutron-Network-ID";
    public const string RouterId = "X-Neutron-Router-ID";
    public const string InstanceId = "X-Instance-ID";
    public const string TenantId = "X-Tenant-ID";
    public const string Signature = "X-Instance-ID-Signature";

    private static readonly FrozenSet<string> Allowed = new[]
    {
        "Accept", "Accept-Encoding", "Accept-Language", "User-Agent", "Range", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
        "If-Unmodified-Since", "Content-Type", "Content-Length", "Content-Encoding", "X-aws-ec2-metadata-token",
        "X-aws-ec2-metadata-token-ttl-seconds",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsAllowed(string name) => Allowed.Contains(name);

    /// <summary>An address as the agent and Nova read it.</summary>
    public static string Text(IPAddress client) => client.ToString();
}
