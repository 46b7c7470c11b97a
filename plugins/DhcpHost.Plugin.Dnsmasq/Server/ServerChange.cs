using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>What has to be done with a server, and why.</summary>
/// <param name="Action">What.</param>
/// <param name="Reasons">Why that and nothing less.</param>
/// <param name="ChangesArguments">The command line is another than the running server's.</param>
internal sealed record ServerChange(ApplyAction Action, IReadOnlyList<string> Reasons, bool ChangesArguments = false);
