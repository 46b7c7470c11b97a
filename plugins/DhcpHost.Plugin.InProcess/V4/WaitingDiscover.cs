namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>A DISCOVER that waits until it is known whether an address is free.</summary>
/// <param name="Message">The message.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">The address that it was sent to.</param>
internal sealed record WaitingDiscover(byte[] Message, uint Source, uint Destination);
