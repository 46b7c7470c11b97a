using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>A method to call.</summary>
/// <param name="Topic">Whose: <c>q-plugin</c>, <c>q-reports-plugin</c>.</param>
/// <param name="Version">The version of the interface that is asked for: <c>1.10</c>.</param>
/// <param name="Method">Its name.</param>
/// <param name="Arguments">Its arguments by name.</param>
public sealed record RpcCall(string Topic, string Version, string Method, JsonObject Arguments)
{
    /// <summary>How long to wait; <c>null</c> for the configured <c>rpc_response_timeout</c>, backed off by method as upstream does.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether it may be sent again after a lost connection or a short first timeout: reads, and reports that state a fact.</summary>
    public bool IsIdempotent { get; init; }
}
