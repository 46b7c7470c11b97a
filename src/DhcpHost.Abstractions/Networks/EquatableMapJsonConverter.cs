using System.Text.Json;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>Reads and writes <see cref="EquatableMap"/> as a JSON object of strings.</summary>
public sealed class EquatableMapJsonConverter : JsonConverter<EquatableMap>
{
    /// <inheritdoc/>
    public override EquatableMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an object of strings is expected");
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            pairs[key] = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException($"'{key}' is no string");
        }

        return new(pairs);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EquatableMap value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach (var (key, text) in value)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }
}
