using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Command lines of running processes.</summary>
internal static class CommandLines
{
    private const string PidFilePrefix = "--pid-file=";

    /// <summary>In the foreground, so that the process that is started is the one that stays. Neutron's agent does without.</summary>
    public const string OwnArgument = "--keep-in-foreground";

    /// <summary>What only this driver adds; it makes no difference to clients, and one that Neutron's driver started lacks it.</summary>
    private static readonly string[] OwnPrefixes = [OwnArgument, "--user="];

    /// <summary>The argument that only one server on this machine has.</summary>
    public static string Marker(string pidFile) => PidFilePrefix + pidFile;

    /// <summary>The arguments after the program's name; <c>null</c> where there is no such process, or it is no dnsmasq.</summary>
    public static string[]? TryRead(int pid) =>
        ProcessCommandLine.TryRead(pid) is [var program, .. var arguments] && Path.GetFileName(program).StartsWith("dnsmasq", StringComparison.Ordinal)
            ? arguments
            : null;

    /// <summary>The pid file that a dnsmasq was told.</summary>
    public static string? FindPidFile(string[] arguments) =>
        Array.Find(arguments, argument => argument.StartsWith(PidFilePrefix, StringComparison.Ordinal))?[PidFilePrefix.Length..];

    /// <summary>Arguments that matter and differ, each by its name: <c>--dhcp-range</c>. Empty: the server need not be another.</summary>
    public static IReadOnlyList<string> Compare(IEnumerable<string> running, IEnumerable<string> wanted)
    {
        var before = running.Where(Matters).ToList();
        var after = wanted.Where(Matters).ToList();
        if (before.SequenceEqual(after))
        {
            return [];
        }

        var names = before.Except(after).Concat(after.Except(before)).Select(argument => argument.Split('=', 2)[0]).Distinct().ToList();
        return names.Count > 0 ? names : ["the order of arguments"];
    }

    private static bool Matters(string argument) => !Array.Exists(OwnPrefixes, prefix => argument.StartsWith(prefix, StringComparison.Ordinal));
}
