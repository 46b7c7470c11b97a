using System.Buffers;
using System.Net.Sockets;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>
/// A connection that sends a request in one piece, when its answer is waited for: neutron-metadata-agent takes what its first read gives for
/// the whole request, and closes the connection with the rest unread. The limit of bodies bounds what is held.
/// </summary>
internal sealed class OneWriteStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private readonly ArrayBufferWriter<byte> _held = new();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _held.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_held.WrittenCount > 0)
        {
            await base.WriteAsync(_held.WrittenMemory, cancellationToken);
            _held.ResetWrittenCount();
        }

        return await base.ReadAsync(buffer, cancellationToken);
    }
}
