using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Starts a program with limits from its birth, by way of prlimit(1), which execs it under the same number. Needed where the host is root without
/// CAP_SYS_RESOURCE (containers): a server that has given up root's rights can be limited by nobody else then, and it may do so before prlimit(2) comes.
/// </summary>
internal static class LimitedProgram
{
    private const string Prlimit = "/usr/bin/prlimit";
    private const int CapSysResource = 24;

    private static readonly bool CanLimitAnybody = ReadEffectiveCapabilities().HasBit(CapSysResource);

    /// <summary>The program itself where its limits can be set afterwards or there are none, else the program by way of prlimit(1).</summary>
    internal static SpawnSpec Of(SpawnSpec spec) =>
        CanLimitAnybody || spec.Limits == new ProcessLimits() || !File.Exists(Prlimit) || !File.Exists(spec.Program) ? spec : Wrap(spec);

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

    private static bool HasBit(this ulong set, int bit) => (set >> bit & 1) != 0;

    private static ulong ReadEffectiveCapabilities()
    {
        const string Key = "CapEff:";
        var line = ProcFile.TryReadText("/proc/self/status")?.Split('\n').FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? 0 : ulong.Parse(line.AsSpan(Key.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
