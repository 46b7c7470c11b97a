using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>
/// Servers that neutron-dhcp-agent started, at the same places as this driver's. They are told from this driver's by an argument that this driver always
/// gives, and are taken over only where the site says so and what they are is proved.
/// </summary>
internal sealed class AgentServers(DnsmasqOptions options, NetworkNamespaces namespaces)
{
    // Neutron's agent/linux/dhcp.py, NS_PREFIX.
    private const string NamespacePrefix = "qdhcp-";
    private const string UserLine = "Uid:";

    /// <summary>Whether this driver started a server.</summary>
    public static bool IsOurs(IReadOnlyCollection<string> arguments) => arguments.Contains(CommandLines.OwnArgument);

    /// <summary>Why a server of the agent's is not to be touched; <c>null</c> where it is to be taken over.</summary>
    /// <param name="key">Whose pid file it was told.</param>
    /// <param name="pid">The process.</param>
    public string? FindObjection(ServerKey key, int pid)
    {
        if (!options.AdoptNeutron)
        {
            return $"a dnsmasq that this host did not start (pid {pid}) serves it; stop neutron-dhcp-agent and set "
                + $"drivers.dnsmasq.adopt_neutron = true to take it over, or end it";
        }

        var name = NamespacePrefix + key.NetworkId;
        using var ns = namespaces.TryOpen(name);
        return ns is not null && IsIn(pid, ns)
            ? null
            : $"a dnsmasq that this host did not start (pid {pid}) has its pid file, "
                + $"but does not run in the namespace {name} as neutron-dhcp-agent's do; look what it is, and end it";
    }

    /// <summary>Whether a process is in a namespace; false where it is gone.</summary>
    public static bool IsIn(int pid, NetworkNamespace ns)
    {
        try
        {
            using var its = NetworkNamespace.OpenProcess(pid);
            return its.Id == ns.Id;
        }
        catch (LinuxException e) when (e.IsGone)
        {
            return false;
        }
    }

    /// <summary>The account that a process reads files as; <c>null</c> where it is gone.</summary>
    public static uint? FindUser(int pid)
    {
        try
        {
            // Real, effective, saved, file system.
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(UserLine, StringComparison.Ordinal));
            return line is null ? null : uint.Parse(line.Split('\t')[^1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
