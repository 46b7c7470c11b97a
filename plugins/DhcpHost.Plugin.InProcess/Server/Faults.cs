using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>Turns what the kernel refuses into failures of a kind.</summary>
internal static class Faults
{
    public static async Task<T> ClassifyAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LinuxException e)
        {
            var kind = e.IsGone || e.Errno == Errno.EADDRINUSE ? FailureKind.Conflict : FailureKind.Transient;
            throw new DhcpHostException(kind, $"{what}: {e.Message}{Cure(e)}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{what}: the driver has ended", e);
        }
    }

    private static string Cure(LinuxException e) => e.Errno switch
    {
        Errno.EADDRINUSE => ". Another DHCP server runs there: stop it.",
        Errno.EACCES or Errno.EPERM => ". The host must run as root.",
        Errno.EMFILE or Errno.ENFILE => ". Raise the limit of open files (LimitNOFILE).",
        _ => "",
    };
}
