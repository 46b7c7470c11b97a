using System.Text.Json;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>A handle's state, version 1: where the server was.</summary>
/// <param name="Namespace">The namespace's name.</param>
/// <param name="NamespaceId">What tells it from others of that name.</param>
/// <param name="Device">The link's name.</param>
/// <param name="Index">The link's index.</param>
internal sealed record HandleState(string Namespace, string NamespaceId, string Device, int Index)
{
    public const int Version = 1;

    public string Format() => JsonSerializer.Serialize(this);

    /// <summary>The state in a handle; <c>null</c> where it holds none.</summary>
    public static HandleState? TryParse(string text)
    {
        try
        {
            // That of a server that was found, and does not run, says nothing.
            return JsonSerializer.Deserialize<HandleState>(text) is { Namespace.Length: > 0, NamespaceId.Length: > 0, Device.Length: > 0 } state ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
