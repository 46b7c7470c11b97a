using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>
/// Reads what came from a queue, trusting nothing: the size, the text, the envelope, the depth and the type of every field that oslo.messaging gives a
/// meaning to. What it returns can be read without an exception of the JSON library: every string in it is text.
/// </summary>
internal static class OsloMessage
{
    /// <summary>Neutron's deepest messages have about ten levels.</summary>
    public const int MaxDepth = 64;

    private const int MaxIdLength = 255;
    private const int ShownLength = 24;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    /// <summary>The message within an envelope; an object.</summary>
    /// <exception cref="MalformedMessageException">It is none.</exception>
    public static JsonElement Open(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new MalformedMessageException("not UTF-8");
        }

        byte[]? rented = null;
        try
        {
            var message = OpenEnvelope(body, ref rented);
            CheckStrings(message);
            var root = JsonElement.Parse(message, DocumentOptions);
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new MalformedMessageException($"the message is of type {root.ValueKind}, not an object");
        }
        catch (JsonException e)
        {
            throw new MalformedMessageException(
                $"not JSON, or nested deeper than {MaxDepth} levels: byte {e.BytePositionInLine ?? 0} of line {e.LineNumber ?? 0}");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader says of an escape that is half a surrogate pair.
            throw new MalformedMessageException("a string is not Unicode");
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>A field that has to be a string, where it is there at all.</summary>
    public static string? Text(JsonElement message, string name)
    {
        if (!message.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw new MalformedMessageException($"{name} is of type {value.ValueKind}, not a string");
        }

        var text = value.GetString()!;
        return text.Length <= MaxIdLength ? text : throw new MalformedMessageException($"{name} has {text.Length} characters");
    }

    /// <summary>A few characters of a foreign text, for a message.</summary>
    public static string Shown(string text)
    {
        var clean = new StringBuilder(ShownLength + 1);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, ShownLength)))
        {
            _ = clean.Append(char.IsAscii(c) && !char.IsControl(c) ? c : '?');
        }

        return text.Length > ShownLength ? clean.Append('…').ToString() : clean.ToString();
    }

    private static ReadOnlySpan<byte> OpenEnvelope(ReadOnlySpan<byte> body, ref byte[]? rented)
    {
        var reader = new Utf8JsonReader(body, ReaderOptions);
        ReadOnlySpan<byte> message = default;
        string? version = null;
        var hasMessage = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new MalformedMessageException("the envelope is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("oslo.version"u8);
            var isMessage = reader.ValueTextEquals("oslo.message"u8);
            _ = reader.Read();
            if (isVersion)
            {
                version = reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
            }
            else if (isMessage)
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    throw new MalformedMessageException($"oslo.message is of type {reader.TokenType}, not a string");
                }

                hasMessage = true;
                if (rented is not null)
                {
                    throw new MalformedMessageException("the envelope has two messages");
                }

                rented = ArrayPool<byte>.Shared.Rent(Math.Max(reader.ValueSpan.Length, 1));
                message = rented.AsSpan(0, reader.CopyString(rented));
            }
            else
            {
                reader.Skip();
            }
        }

        // The rest of the text, if any, is an error of the reader.
        while (reader.Read())
        {
        }

        if (!hasMessage || version is null)
        {
            throw new MalformedMessageException("no envelope: oslo.version or oslo.message is missing");
        }

        // oslo.messaging takes 2.0 to be what every 2.x is compatible with only downwards: a newer minor version is refused.
        return version == "2.0" ? message : throw new MalformedMessageException($"the envelope is of version '{Shown(version)}', not 2.0");
    }

    /// <summary>Every string that has escapes is unescaped once, so that reading it later cannot fail.</summary>
    private static void CheckStrings(ReadOnlySpan<byte> message)
    {
        if (message.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var scratch = Array.Empty<byte>();
        try
        {
            var reader = new Utf8JsonReader(message, ReaderOptions);
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                {
                    continue;
                }

                if (scratch.Length < reader.ValueSpan.Length)
                {
                    ArrayPool<byte>.Shared.Return(scratch);
                    scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
                }

                _ = reader.CopyString(scratch);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
