namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>A message that oslo.messaging would not have sent.</summary>
/// <param name="reason">What is wrong, without the message's own text beyond a few characters.</param>
internal sealed class MalformedMessageException(string reason) : Exception(reason);
