using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The one way in which the model is written as JSON: snake_case names, enums as snake_case words, addresses as text.</summary>
public static class ModelJson
{
    /// <summary>Options for handles, for the management API and for <c>--json</c> output. Read-only and shared.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>A fresh copy: a plugin that serialises types of its own uses one, so that the shared one does not keep its types loaded.</summary>
    public static JsonSerializerOptions CreateOptions() => new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,

        // Nothing of this is put into a web page: times keep their '+', and texts their quotes and letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new IPAddressJsonConverter(),
            new ParsableJsonConverter<IPNetwork>(),
        },
    };
}
