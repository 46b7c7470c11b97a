using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Starts a program with limits from its birth, by way of prlimit(1), which execs it under the same number. That exec takes half a millisecond of
/// processor time, so it is for a program that had given up root's rights before prlimit(2) came, where the host is root without CAP_SYS_RESOURCE
/// (containers): nobody else can limit it then.
/// </summary>
internal static class LimitedProgram
{
    private const string Prlimit = "/usr/bin/prlimit";

    /// <summary>The program by way of prlimit(1); null where that is not there, or nothing to be limited.</summary>
    internal static SpawnSpec? TryWrap(SpawnSpec spec) => spec.Limits != new ProcessLimits() && File.Exists(Prlimit) && File.Exists(spec.Program)
        ? Wrap(spec)
        : null;

    /// <summary>Whether a program sets its limits itself, so that it does no harm if nobody else can.</summary>
    internal static bool LimitsItself(SpawnSpec spec) => spec.Program == Prlimit;

    private static SpawnSpec Wrap(SpawnSpec spec)
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
