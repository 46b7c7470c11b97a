using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>What is in a handle.</summary>
/// <param name="Identity">The process; <c>null</c> for files without one.</param>
internal sealed record HandleState(ProcessIdentity? Identity);
