using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>What the exceptions of the AMQP client mean.</summary>
internal static class BrokerFailure
{
    /// <summary>The innermost exception says what happened; those around it say that a connection could not be made.</summary>
    public static string Reason(Exception exception)
    {
        while (true)
        {
            switch (exception)
            {
                case AuthenticationFailureException:
                    return "it refused the user, the password or the certificate";
                case OperationInterruptedException { ShutdownReason.ReplyText: { Length: > 0 } text }:
                    return text;
                case TimeoutException or OperationCanceledException:
                    return "it did not answer in time";
                case AggregateException { InnerExceptions: [var first, ..] }:
                    exception = first;
                    continue;
            }

            if (exception.InnerException is null)
            {
                return exception.Message;
            }

            exception = exception.InnerException;
        }
    }
}
