using System.CommandLine;

namespace DhcpHost.Cli;

/// <summary>The options that all commands share.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "The host.toml to use. Default: $DHCPHOST_CONFIG, /etc/dhcphost/host.toml, or ./host.toml.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string?> Socket { get; } = new("--socket", "-s")
    {
        Description = "The socket of the running host. Default: $DHCPHOST_SOCKET, or the one of host.toml.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "Answer in JSON, as the management API does.", Recursive = true };

    public static Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours; also where $NO_COLOR is set.", Recursive = true };
}
