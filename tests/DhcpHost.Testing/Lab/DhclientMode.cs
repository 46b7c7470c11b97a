namespace DhcpHost.Testing.Lab;

/// <summary>What <see cref="DhclientClient"/> asks for.</summary>
public enum DhclientMode
{
    /// <summary>An IPv4 address.</summary>
    V4,
    /// <summary>An IPv6 address (IA_NA).</summary>
    V6Stateful,
    /// <summary>Options only; its event is RENEW6.</summary>
    V6Stateless,
}
