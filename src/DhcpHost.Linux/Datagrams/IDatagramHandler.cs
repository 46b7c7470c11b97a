namespace DhcpHost.Linux.Datagrams;

/// <summary>Answers datagrams. Called on the loop's thread alone: it must be short, must not block and must not throw.</summary>
public interface IDatagramHandler
{
    /// <summary>A datagram came. Replies go through <paramref name="replies"/>; they leave after the batch is committed.</summary>
    void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies);

    /// <summary>The link that the socket is on is gone, or the socket failed for good: nothing more comes.</summary>
    void Fail(DatagramSocket socket, string reason);
}
