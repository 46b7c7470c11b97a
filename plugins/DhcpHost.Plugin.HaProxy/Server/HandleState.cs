using System.Text.Json;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>What is in a handle.</summary>
/// <param name="Identity">The process; <c>null</c> for files without one.</param>
/// <param name="Config">The configuration that it read; <c>null</c> where that is not known.</param>
/// <param name="Link">The index of the interface that its IPv6 socket is bound to; 0 where that is not known.</param>
internal sealed record HandleState(ProcessIdentity? Identity, string? Config, int Link)
{
    public static HandleState? Read(DriverHandle? handle)
    {
        try
        {
            return handle is null ? null : JsonSerializer.Deserialize(handle.State, StateJson.Default.HandleState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, StateJson.Default.HandleState);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HandleState))]
internal sealed partial class StateJson : JsonSerializerContext;
