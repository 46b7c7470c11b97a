using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>What the host itself may do (capabilities(7)).</summary>
internal static class HostCapabilities
{
    internal const int Chown = 0;
    internal const int DacOverride = 1;
    internal const int Kill = 5;
    internal const int SetGid = 6;
    internal const int SetUid = 7;
    internal const int SysPtrace = 19;
    internal const int SysResource = 24;

    private static readonly ulong Effective = ReadEffective();

    internal static bool Has(int capability) => (Effective >> capability & 1) != 0;

    private static ulong ReadEffective()
    {
        const string Key = "CapEff:";
        var line = ProcFile.TryReadText("/proc/self/status")?.Split('\n').FirstOrDefault(text => text.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? 0 : ulong.Parse(line.AsSpan(Key.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
