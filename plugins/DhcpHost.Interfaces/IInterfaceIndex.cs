using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Interfaces;

/// <summary>The interfaces that a driver has made and not removed, by the names of their outer ends. Thread-safe.</summary>
public interface IInterfaceIndex
{
    /// <summary>All of them, as they are now.</summary>
    IReadOnlyCollection<KeyValuePair<ServerKey, DesiredInterface>> All { get; }

    /// <summary>Which network's an outer end is; <c>null</c> for none of ours.</summary>
    ServerKey? Find(string hostDevice);
}
