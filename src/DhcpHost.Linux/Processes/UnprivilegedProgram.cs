using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Starts a program as another user, by way of setpriv(1), which execs it under the same number: posix_spawn(3) can change neither user nor capabilities,
/// and to change the calling thread's own for the call would let that user at the host.
/// </summary>
internal static class UnprivilegedProgram
{
    internal const string Setpriv = "/usr/bin/setpriv";

    /// <summary>The program itself where it is to run as the host does, else the program by way of setpriv(1).</summary>
    internal static SpawnSpec Of(SpawnSpec spec)
    {
        if (spec.Account is not { } account)
        {
            return spec;
        }

        var capabilities = string.Concat(account.Capabilities.Select(name => $",+{name}"));
        return spec with
        {
            Program = Setpriv,
            Arguments =
            [
                string.Create(CultureInfo.InvariantCulture, $"--reuid={account.Owner.UserId}"),
                string.Create(CultureInfo.InvariantCulture, $"--regid={account.Owner.GroupId}"),
                "--clear-groups",
                $"--inh-caps=-all{capabilities}",
                $"--ambient-caps=-all{capabilities}",
                "--no-new-privs",
                "--",
                spec.Program,
                .. spec.Arguments,
            ],
            Marker = spec.Marker ?? spec.Program,
            Account = null,
        };
    }
}
