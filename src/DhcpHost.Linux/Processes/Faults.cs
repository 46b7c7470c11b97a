using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>Turns what the kernel refuses into failures of a kind.</summary>
public static class Faults
{
    /// <summary>Runs the work.</summary>
    /// <exception cref="DhcpHostException">It failed, in the kernel or the file system.</exception>
    public static async Task<T> ClassifyAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LinuxException e)
        {
            throw new DhcpHostException(e.IsGone ? FailureKind.Conflict : FailureKind.Transient, $"{what}: {e.Message}{Cure(e)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{what}: {e.Message}", e);
        }
    }

    private static string Cure(LinuxException e) => e.Errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT => " Make room on the file system.",
        Errno.EACCES or Errno.EPERM => " The host must run as root.",
        Errno.ELOOP => " Take the symbolic link away.",
        _ => "",
    };
}
