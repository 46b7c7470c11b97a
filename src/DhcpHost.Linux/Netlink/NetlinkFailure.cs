using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Netlink;

/// <summary>A request of a batch that the kernel refused.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Operation">What was asked.</param>
/// <param name="Errno">The kernel's answer.</param>
/// <param name="Detail">The kernel's words (NETLINK_EXT_ACK), if it gave any.</param>
public sealed record NetlinkFailure(int Index, string Operation, Errno Errno, string? Detail)
{
    /// <summary>The failure as an exception.</summary>
    public LinuxException ToException() => new(Errno, Operation, Detail);
}
