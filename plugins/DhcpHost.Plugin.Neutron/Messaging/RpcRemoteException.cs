namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>The method failed at the server.</summary>
/// <param name="errorType">The class of the remote exception without its module: <c>IpAddressGenerationFailure</c>.</param>
/// <param name="message">Its message.</param>
public sealed class RpcRemoteException(string errorType, string message) : Exception($"{errorType}: {message}")
{
    /// <summary>The class of the remote exception without its module.</summary>
    public string ErrorType { get; } = errorType;
}
