using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>The account that servers run as, and that owns their files.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Its numbers.</param>
/// <param name="Reason">Why not another; <c>null</c> where there is nothing to tell.</param>
internal sealed record ServerAccount(string Name, FileOwner Owner, string? Reason = null)
{
    private const string Superuser = "root";
    private const string Packaged = "_kea";
    private static readonly string[] Capabilities = ["net_bind_service", "net_raw"];

    /// <summary>As a program is started with it; <c>null</c> for root.</summary>
    public ProcessAccount? ToProcess() => Owner.UserId == FileOwner.Root.UserId ? null : new(Owner, Capabilities);

    /// <summary>The account that is wanted, whether it can be had or not.</summary>
    /// <exception cref="DhcpHostException">The account that the options name is not there.</exception>
    public static ServerAccount FindWanted(KeaOptions options)
    {
        if (options.User.Length > 0)
        {
            return FileOwner.TryFind(options.User) is { } owner
                ? new(options.User, owner)
                : throw new DhcpHostException(FailureKind.Invalid, $"There is no account '{options.User}' (drivers.kea.user). Make it, or name another.");
        }

        return FileOwner.TryFind(Packaged) is { } packaged
            ? new(Packaged, packaged)
            : new(Superuser, FileOwner.Root, $"as root, since there is no account '{Packaged}'");
    }

    /// <summary>Itself where the host can start a server with it that gets to its directories; else root, unless the options name it.</summary>
    /// <exception cref="DhcpHostException">The account that the options name cannot be used.</exception>
    public ServerAccount Check(KeaOptions options, params ReadOnlySpan<string> directories)
    {
        if (ToProcess() is null)
        {
            return this;
        }

        var (obstacle, cure) = (ProcessAccount.FindObstacle(), "Cure that, or set drivers.kea.user to root.");
        foreach (var directory in directories)
        {
            if (obstacle is null && Owner.FindObstacle(directory) is { } closed)
            {
                (obstacle, cure) = ($"{closed} does not let '{Name}' through", $"chmod o+x {closed}, or set drivers.kea.user to root.");
            }
        }

        return obstacle is null ? this
            : options.User.Length > 0 ? throw new DhcpHostException(FailureKind.Invalid, $"Kea cannot run as '{Name}' (drivers.kea.user): {obstacle}. {cure}")
            : new(Superuser, FileOwner.Root, $"as root, since {obstacle}");
    }
}
