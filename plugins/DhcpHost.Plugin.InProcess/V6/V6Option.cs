using DhcpHost.Dhcp.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>An option that clients are told.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Data">Its content.</param>
/// <param name="Tags">The tags that a client must have for it, or must not have where a <c>!</c> stands before.</param>
internal sealed record V6Option(DhcpV6OptionCode Code, byte[] Data, IReadOnlyList<string> Tags);
