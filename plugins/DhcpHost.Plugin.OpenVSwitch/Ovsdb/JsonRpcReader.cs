using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>Takes JSON values off a stream that has nothing between them (RFC 7047 section 4 leaves the end of a message to JSON's grammar).</summary>
internal sealed class JsonRpcReader(Stream stream, int maxMessageBytes)
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    /// <summary>The next value; <c>null</c> at the end of the stream.</summary>
    /// <exception cref="JsonException">What came is not JSON.</exception>
    /// <exception cref="InvalidDataException">A value is longer than may be.</exception>
    public async ValueTask<JsonElement?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellationToken);
            if (TryTake(read.Buffer, out var value, out var end))
            {
                _pipe.AdvanceTo(end);
                return value;
            }

            if (read.Buffer.Length > maxMessageBytes)
            {
                throw new InvalidDataException($"A message is longer than {maxMessageBytes} bytes.");
            }

            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, out JsonElement? value, out SequencePosition end)
    {
        var reader = new Utf8JsonReader(buffer, isFinalBlock: false, state: default);
        value = JsonElement.TryParseValue(ref reader, out var parsed) ? parsed : null;
        end = reader.Position;
        return value is not null;
    }
}
