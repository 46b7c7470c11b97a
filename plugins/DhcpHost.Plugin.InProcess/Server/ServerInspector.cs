using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Plugin.InProcess.Model;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>Says how a server is. On the loop's thread.</summary>
internal static class ServerInspector
{
    public static InspectResult Inspect(NetworkServer server, Protocols protocols)
    {
        var served = protocols.All.Where((_, i) => server.IsServing(i)).Select(protocol => protocol.Name);
        var hasLink = server.FindLinkIndex(server.Link.Binding.Device) == server.Link.Index;
        return new()
        {
            State = hasLink ? InspectState.Running : InspectState.Drifted,
            Reason = hasLink ? null : $"its interface {server.Link.Binding.Device} is gone",
            StartedAt = server.StartedAt,
            Details = new([
                new("serves", string.Join(", ", served) is { Length: > 0 } names ? names : "nothing: no subnet of this network has DHCP"),
                new("namespace", server.Link.Binding.Namespace),
                new("interface", server.Link.Binding.Device),
                new("leases", server.Leases.Count.ToString(CultureInfo.InvariantCulture)),
                new("received", server.Received.ToString(CultureInfo.InvariantCulture)),
                new("replied", server.Replied.ToString(CultureInfo.InvariantCulture)),
            ]),
        };
    }
}
