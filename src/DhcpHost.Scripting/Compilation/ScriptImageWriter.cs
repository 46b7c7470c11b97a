using System.Security.Cryptography;

namespace DhcpHost.Scripting.Compilation;

/// <summary>A compiled script as bytes: a mark, the SHA-256 of its key and of what follows, then the parts with their lengths.</summary>
internal static class ScriptImageWriter
{
    private static ReadOnlySpan<byte> Mark => "DHCPHOST-SCRIPT3"u8;

    /// <param name="image">The script.</param>
    /// <param name="key">What it is known by; who reads it under another one reads nothing.</param>
    public static byte[] Write(ScriptImage image, ReadOnlySpan<byte> key)
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body))
        {
            Write(writer, image.Assembly);
            Write(writer, image.Symbols);
            writer.Write(image.Shifts.Count);
            foreach (var (file, shifts) in image.Shifts)
            {
                writer.Write(file);
                writer.Write(shifts.Count);
                foreach (var shift in shifts)
                {
                    writer.Write(shift.Line);
                    writer.Write(shift.Column);
                    writer.Write(shift.Length);
                }
            }
        }

        var bytes = body.ToArray();
        return [.. Mark, .. Seal(key, bytes), .. bytes];
    }

    /// <summary>Reads what <see cref="Write(ScriptImage, ReadOnlySpan{byte})"/> wrote; <c>null</c> where a bit of it, or of the key, is another.</summary>
    public static ScriptImage? TryRead(byte[] bytes, ReadOnlySpan<byte> key)
    {
        var header = Mark.Length + SHA256.HashSizeInBytes;
        if (bytes.Length <= header || !bytes.AsSpan().StartsWith(Mark)
            || !Seal(key, bytes.AsSpan(header)).AsSpan().SequenceEqual(bytes.AsSpan(Mark.Length, SHA256.HashSizeInBytes)))
        {
            return null;
        }

        // The hash is right: what follows is as it was written.
        using var reader = new BinaryReader(new MemoryStream(bytes, header, bytes.Length - header));
        var (assembly, symbols) = (reader.ReadBytes(reader.ReadInt32()), reader.ReadBytes(reader.ReadInt32()));
        var shifts = new Dictionary<string, IReadOnlyList<ColumnShift>>(StringComparer.Ordinal);
        for (var files = reader.ReadInt32(); files > 0; files--)
        {
            var file = reader.ReadString();
            var list = new ColumnShift[reader.ReadInt32()];
            for (var index = 0; index < list.Length; index++)
            {
                list[index] = new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            }

            shifts[file] = list;
        }

        return new(assembly, symbols, shifts);
    }

    private static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
