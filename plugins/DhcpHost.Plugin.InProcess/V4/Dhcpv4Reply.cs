namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Where a reply goes, and when.</summary>
/// <param name="Length">Octets that were written; 0 for no reply.</param>
/// <param name="Path">How it is sent.</param>
/// <param name="Destination">The address that it is sent to.</param>
/// <param name="Port">The UDP port that it is sent to.</param>
/// <param name="Source">The server's address that it comes from.</param>
/// <param name="After">The write after which the disk holds the lease that is given by it; 0 where it waits for none.</param>
internal readonly record struct Dhcpv4Reply(int Length, Dhcpv4Path Path, uint Destination, ushort Port, uint Source, long After);
