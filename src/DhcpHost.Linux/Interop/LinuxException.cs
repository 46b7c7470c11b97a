using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary>
/// A system call or a netlink request that failed. The message reads
/// <c>setns /run/netns/x: Invalid argument (22)</c>, followed by the kernel's own words where it gave some.
/// </summary>
public sealed class LinuxException : Exception
{
    /// <summary>Creates the exception for an operation that failed with an error number.</summary>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="operation">What was tried, and on what.</param>
    /// <param name="detail">The kernel's words (NETLINK_EXT_ACK), if any.</param>
    public LinuxException(Errno errno, string operation, string? detail = null)
        : base(Compose(errno, operation, detail))
    {
        Errno = errno;
        Operation = operation;
        Detail = detail;
    }

    /// <summary>The error number.</summary>
    public Errno Errno { get; }

    /// <summary>What was tried, and on what.</summary>
    public string Operation { get; }

    /// <summary>The kernel's own words, if it gave any.</summary>
    public string? Detail { get; }

    /// <summary>No space, quota, memory, or descriptors left: trying the same at once will fail again.</summary>
    public bool IsExhausted => Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.ENOMEM or Errno.ENFILE or Errno.EMFILE or Errno.ENOBUFS;

    /// <summary>What was to be worked on is not there (any more).</summary>
    public bool IsGone => Errno is Errno.ENOENT or Errno.ESRCH or Errno.ENODEV or Errno.ENXIO or Errno.EADDRNOTAVAIL;

    private static string Compose(Errno errno, string operation, string? detail)
    {
        var text = $"{operation}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({(int)errno})";
        return string.IsNullOrEmpty(detail) ? text : $"{text}: {detail}";
    }
}
