using System.Buffers;
using System.Text.Json;
using DhcpHost.Toml.Nodes;

namespace DhcpHost.Toml.Values;

/// <summary>Values as JSON, for options that travel on to a plugin.</summary>
internal static class JsonValues
{
    /// <summary>The value; what JSON has no form for (dates, times, infinity) as a string.</summary>
    public static JsonElement Of(TomlNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, TomlNode node)
    {
        switch (node)
        {
            case TomlScalar { Kind: TomlScalarKind.Integer } scalar:
                writer.WriteNumberValue(scalar.Integer);
                break;
            case TomlScalar { Kind: TomlScalarKind.Float } scalar when double.IsFinite(scalar.Number):
                writer.WriteNumberValue(scalar.Number);
                break;
            case TomlScalar { Kind: TomlScalarKind.Boolean } scalar:
                writer.WriteBooleanValue(scalar.IsTrue);
                break;
            case TomlScalar scalar:
                writer.WriteStringValue(scalar.Text);
                break;
            case TomlArray array:
                writer.WriteStartArray();
                array.Items.ForEach(item => Write(writer, item));
                writer.WriteEndArray();
                break;
            case TomlTable table:
                writer.WriteStartObject();
                foreach (var (key, entry) in table.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
        }
    }
}
