namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>How the host shows who it is (oslo.messaging's <c>rabbit_login_method</c>).</summary>
public enum LoginMethod
{
    /// <summary>By user and password. The client sends them as <see cref="Plain"/> does, which every RabbitMQ takes that takes AMQPLAIN.</summary>
    Amqplain,

    /// <summary>By user and password.</summary>
    Plain,

    /// <summary>By the TLS certificate of this host (<c>rabbitmq_auth_mechanism_ssl</c>).</summary>
    External,
}
