using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>The account that servers run as, and that owns their files.</summary>
/// <param name="Name">Its name, for <c>--user</c>.</param>
/// <param name="Owner">Its numbers.</param>
/// <param name="Reason">Why not another; <c>null</c> where there is nothing to tell.</param>
internal sealed record ServerAccount(string Name, FileOwner Owner, string? Reason = null)
{
    private const string Superuser = "root";

    /// <summary>Finds it. A server reads its files again on a reload, as that account: all directories above must let it through.</summary>
    /// <exception cref="DhcpHostException">The account that the options name is not there, or cannot reach the directory.</exception>
    public static ServerAccount Find(DnsmasqOptions options, string root)
    {
        if (options.User.Length > 0)
        {
            var owner = FileOwner.TryFind(options.User)
                ?? throw new DhcpHostException(FailureKind.Invalid, $"There is no account '{options.User}' (drivers.dnsmasq.user). Make it, or name another.");
            return owner.FindObstacle(root) is not { } obstacle
                ? new(options.User, owner)
                : throw new DhcpHostException(
                    FailureKind.Invalid,
                    $"{obstacle} does not let '{options.User}' (drivers.dnsmasq.user) through, "
                    + $"so that dnsmasq could not read its files again. chmod o+x {obstacle}, or set drivers.dnsmasq.state_directory.");
        }

        foreach (var name in (ReadOnlySpan<string>)["dnsmasq", "nobody"])
        {
            if (FileOwner.TryFind(name) is { } owner)
            {
                return owner.FindObstacle(root) is { } obstacle
                    ? new(Superuser, FileOwner.Root, $"as root, since {obstacle} does not let '{name}' through (chmod o+x {obstacle} cures that)")
                    : new(name, owner);
            }
        }

        return new(Superuser, FileOwner.Root, "as root, since there is neither an account 'dnsmasq' nor 'nobody'");
    }
}
