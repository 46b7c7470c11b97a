using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Processes;

/// <summary>An account that a program runs as, with next to no rights.</summary>
/// <param name="Owner">Its user and its one group.</param>
/// <param name="Capabilities">The capabilities that it keeps, by their names in setpriv(1): <c>net_raw</c>. It can get no others.</param>
public sealed record ProcessAccount(FileOwner Owner, IReadOnlyList<string> Capabilities)
{
    private static readonly (int Capability, string Name)[] Needed =
    [
        (HostCapabilities.SetUid, "CAP_SETUID"),
        (HostCapabilities.SetGid, "CAP_SETGID"),
        (HostCapabilities.Chown, "CAP_CHOWN"),

        // To tell its namespace, to end it, and to use its files.
        (HostCapabilities.SysPtrace, "CAP_SYS_PTRACE"),
        (HostCapabilities.Kill, "CAP_KILL"),
        (HostCapabilities.DacOverride, "CAP_DAC_OVERRIDE"),
    ];

    /// <summary>Why the host can have no servers of other accounts; <c>null</c> where it can.</summary>
    public static string? FindObstacle() =>
        !File.Exists(UnprivilegedProgram.Setpriv) ? $"there is no {UnprivilegedProgram.Setpriv} (util-linux)"
        : Array.Find(Needed, needed => !HostCapabilities.Has(needed.Capability)) is { Name: { } name } ? $"the host does not have {name}"
        : null;
}
