using System.Globalization;

namespace DhcpHost.Linux.Namespaces;

/// <summary>
/// A namespace's identity: device and inode of its nsfs file. Unique among living namespaces; an inode may be used again after
/// the namespace has died, and all of them after a reboot.
/// </summary>
/// <param name="Device">Minor number of the nsfs device.</param>
/// <param name="Inode">Inode number, as in <c>readlink /proc/PID/ns/net</c>.</param>
public readonly record struct NetworkNamespaceId(uint Device, ulong Inode)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"net:[{Inode}]");
}
