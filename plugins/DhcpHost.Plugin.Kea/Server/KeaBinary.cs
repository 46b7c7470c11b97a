namespace DhcpHost.Plugin.Kea.Server;

/// <summary>A program, as found on this machine.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Version">What it says its version is: <c>2.2.0</c>.</param>
/// <param name="LeaseCommands">The path of <c>libdhcp_lease_cmds.so</c>; <c>null</c> where it is not installed.</param>
internal sealed record KeaBinary(string Path, string Version, string? LeaseCommands);
