using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Starts a program with limits from its birth, by way of prlimit(1), which execs it under the same number. Needed where the host is root without
/// CAP_SYS_RESOURCE (containers): a server that has given up root's rights can be limited by nobody else then, and it may do so before prlimit(2) comes.
/// </summary>
internal static class LimitedProgram
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>The program itself where its limits can be set afterwards or there are none, else the program by way of prlimit(1).</summary>
    internal static SpawnSpec Of(SpawnSpec spec) =>
        HostCapabilities.Has(HostCapabilities.SysResource) || spec.Limits == new ProcessLimits() || !File.Exists(Prlimit) || !File.Exists(spec.Program) ? spec : Wrap(spec);

    /// <summary>Whether a program sets its limits itself, so that it does no harm if nobody else can.</summary>
    internal static bool LimitsItself(SpawnSpec spec) => spec.Program == Prlimit;

    internal static SpawnSpec Wrap(SpawnSpec spec)
    {
        var arguments = new List<string>();
        Add("data", spec.Limits.MemoryBytes);
        Add("nofile", spec.Limits.OpenFiles);
        Add("core", spec.Limits.CoreBytes);
        return spec with { Program = Prlimit, Arguments = [.. arguments, "--", spec.Program, .. spec.Arguments], Marker = spec.Marker ?? spec.Program };

        void Add(string name, long? limit)
        {
            if (limit is { } value)
            {
                arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--{name}={value}:{value}"));
            }
        }
    }
}
