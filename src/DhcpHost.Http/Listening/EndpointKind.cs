namespace DhcpHost.Http.Listening;

/// <summary>Marks a connection with the endpoint that it came in by.</summary>
/// <param name="IsSocket">The Unix socket, whose permissions are the login.</param>
internal sealed record EndpointKind(bool IsSocket);
