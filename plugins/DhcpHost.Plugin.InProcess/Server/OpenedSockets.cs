using DhcpHost.Linux.Datagrams;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>Sockets that wait to be served.</summary>
/// <param name="Link">The link that they are on.</param>
/// <param name="ByProtocol">The protocols' own.</param>
/// <param name="LinkEvents">The watch of the link.</param>
internal sealed record OpenedSockets(
    DatagramLink Link, IReadOnlyList<(int Protocol, IReadOnlyList<DatagramSocket> Sockets)> ByProtocol, DatagramSocket? LinkEvents)
{
    /// <summary>Closes them: nobody took them.</summary>
    public void Close()
    {
        foreach (var socket in Link.Sockets)
        {
            socket.Dispose();
        }
    }
}
