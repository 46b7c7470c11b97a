using DhcpHost.Linux.Datagrams;

namespace DhcpHost.Plugin.InProcess.Model;

/// <summary>A protocol at work on one network. All calls come on the loop's thread; <see cref="IDisposable.Dispose"/> takes its timers back.</summary>
internal interface IProtocolServer : IDisposable
{
    /// <summary>Serves another model from now on: what <see cref="IProtocol.BuildModel"/> made of a changed plan.</summary>
    void Swap(object model, DatagramReplies replies);

    /// <summary>A datagram came. A reply that depends on a lease that was just noted is sent as durable.</summary>
    void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies);
}
