using System.Diagnostics;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>Namespaces that agents leave on purpose, with the servers in them.</summary>
internal static class LeftBehind
{
    /// <summary>Kills whatever runs in a namespace, and deletes it.</summary>
    public static void Remove(LinuxLab lab, string name)
    {
        foreach (var pid in ProcessesIn(lab, name))
        {
            Kill(pid);
        }
        _ = lab.Namespaces.Delete(name);
    }

    /// <summary>Kills a process, unless it has ended.</summary>
    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended meanwhile.
        }
    }

    /// <summary>The numbers of the processes whose network is that namespace.</summary>
    public static IReadOnlyList<int> ProcessesIn(LinuxLab lab, string name)
    {
        using var ns = lab.Namespaces.TryOpen(name);
        return ns is null
            ? []
            : [.. Directory.EnumerateDirectories("/proc")
                .Select(directory => int.TryParse(Path.GetFileName(directory), out var pid) ? pid : 0)
                .Where(pid => pid > 0 && NamespaceOf(pid) == ns.Id).Order()];
    }

    private static NetworkNamespaceId? NamespaceOf(int pid)
    {
        try
        {
            using var ns = NetworkNamespace.OpenProcess(pid);
            return ns.Id;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
