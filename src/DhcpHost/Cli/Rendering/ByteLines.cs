using System.Runtime.CompilerServices;

namespace DhcpHost.Cli.Rendering;

/// <summary>Reads lines of bytes, no longer than they may be.</summary>
internal static class ByteLines
{
    private const int Chunk = 64 * 1024;

    /// <summary>The lines without their ends; <c>null</c> stands for one that was longer than it may be.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>?> ReadAsync(
        Stream stream, int longest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        var (start, end, isTooLong) = (0, 0, false);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return isTooLong ? null : buffer.AsMemory(start, length);
                isTooLong = false;
                start += length + 1;
                continue;
            }

            isTooLong |= end - start > longest;
            start = isTooLong ? end : start;
            (buffer, start, end) = MakeRoom(buffer, start, end);
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (isTooLong)
        {
            yield return null;
        }
        else if (end > start)
        {
            yield return buffer.AsMemory(start, end - start);
        }
    }

    private static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var target = start == 0 && end == buffer.Length ? new byte[buffer.Length * 2] : buffer;
        buffer.AsSpan(start, end - start).CopyTo(target);
        return (target, 0, end - start);
    }
}
