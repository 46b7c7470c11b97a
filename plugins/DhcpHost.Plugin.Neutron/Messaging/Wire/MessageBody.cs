using System.IO.Compression;
using System.Text;
using RabbitMQ.Client;

namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>A message's bytes as they came: measured, and inflated where the sender has <c>kombu_compression</c>.</summary>
internal static class MessageBody
{
    private const string CompressionHeader = "compression";

    /// <summary>What kombu's <c>gzip</c> and <c>zlib</c> both name in the header; the format is zlib's (RFC 1950).</summary>
    private const string Zlib = "application/x-gzip";

    /// <exception cref="MalformedMessageException">It is too large, or packed in a way that is not known here.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body, IReadOnlyBasicProperties properties, long maxSize)
    {
        if (body.Length > maxSize)
        {
            throw new MalformedMessageException($"{body.Length} bytes, more than {maxSize}");
        }

        if (properties.Headers?.TryGetValue(CompressionHeader, out var header) != true || header is null)
        {
            return body;
        }

        return header is byte[] name && Encoding.ASCII.GetString(name) == Zlib
            ? Inflate(body, maxSize)
            : throw new MalformedMessageException("packed by another method than zlib");
    }

    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> body, long maxSize)
    {
        using var source = new MemoryStream(body.ToArray());
        using var zlib = new ZLibStream(source, CompressionMode.Decompress);
        using var target = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = zlib.Read(buffer)) > 0;)
            {
                target.Write(buffer.AsSpan(0, count));
                if (target.Length > maxSize)
                {
                    throw new MalformedMessageException($"more than {maxSize} bytes when unpacked");
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new MalformedMessageException("packed data that is damaged");
        }

        return target.GetBuffer().AsMemory(0, (int)target.Length);
    }
}
