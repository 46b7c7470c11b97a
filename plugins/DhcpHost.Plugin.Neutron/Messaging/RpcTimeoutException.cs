namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>No answer came in time.</summary>
public sealed class RpcTimeoutException(string message) : Exception(message);
