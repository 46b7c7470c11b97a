namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>No broker can be reached, or the broker refused what was asked of it.</summary>
public sealed class RpcUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
