using System.Net;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Http.Answers;

/// <summary>
/// What is asked for while the host starts: the same JSON as <see cref="ModelJson.Options"/>, by code that is generated when the host is built instead of
/// worked out by reflection.
/// </summary>
[JsonSourceGenerationOptions(Converters = [typeof(IPAddressJsonConverter), typeof(ParsableJsonConverter<IPNetwork>)])]
[JsonSerializable(typeof(HostStatus))]
[JsonSerializable(typeof(string))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>The one instance with the model's options.</summary>
    public static StatusJson Model { get; } = new(ModelJson.CreateOptions());
}
