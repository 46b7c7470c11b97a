using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;

namespace DhcpHost.Plugin.HaProxy.Configuration;

/// <summary>The account that proxies run as.</summary>
/// <param name="User">Its name.</param>
/// <param name="Group">Its group's name.</param>
internal sealed record ProxyAccount(string User, string Group)
{
    private const string Superuser = "root";
    private const string Agents = "neutron";

    /// <exception cref="DhcpHostException">There is no such account or group.</exception>
    public static ProxyAccount Find(HaProxyOptions options)
    {
        var user = options.MetadataProxyUser;
        if (user.Length == 0)
        {
            user = FileOwner.TryFind(Agents) is null ? Superuser : Agents;
        }
        else if (FileOwner.TryFind(user) is null)
        {
            throw new DhcpHostException(FailureKind.Invalid, $"There is no account '{user}' (drivers.haproxy.metadata_proxy_user). Make it, or name another.");
        }

        var group = options.MetadataProxyGroup;
        if (group.Length == 0)
        {
            group = HasGroup(user) ? user : Superuser;
        }
        else if (!HasGroup(group))
        {
            throw new DhcpHostException(FailureKind.Invalid, $"There is no group '{group}' (drivers.haproxy.metadata_proxy_group). Make it, or name another.");
        }

        return new(user, group);
    }

    private static bool HasGroup(string name) => File.ReadLines("/etc/group").Any(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
}
