namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>One broker of a transport URL.</summary>
/// <param name="Host">Its name or address, without brackets.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The user; empty for RabbitMQ's <c>guest</c>.</param>
/// <param name="Password">The password.</param>
internal sealed record BrokerAddress(string Host, int Port, string User, string Password)
{
    /// <summary>Without the password: it goes into logs.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
