using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Core.State;

/// <summary>A driver's handle, as the host keeps it.</summary>
/// <param name="Kind">The kind of the driver.</param>
/// <param name="Handle">The handle.</param>
/// <param name="Fingerprint">The fingerprint of the network that it was last applied with; empty for one that was found.</param>
public sealed record StoredHandle(DriverKind Kind, DriverHandle Handle, string Fingerprint)
{
    /// <summary>What it is kept under.</summary>
    public HandleKey Key => new(Handle.Server, Kind, Handle.DriverId);
}
