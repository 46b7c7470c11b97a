using DhcpHost.Dhcp.V6;

namespace DhcpHost.Serving.V6;

/// <summary>An option that clients are told.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Data">Its content.</param>
/// <param name="Tags">The tags that a client must have for it, or must not have where a <c>!</c> stands before.</param>
public sealed record V6Option(Dhcpv6OptionCode Code, byte[] Data, IReadOnlyList<string> Tags);
