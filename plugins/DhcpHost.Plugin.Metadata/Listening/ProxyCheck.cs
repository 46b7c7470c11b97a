using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Sockets;
using DhcpHost.Plugin.Metadata.Requests;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>Asks a proxy from inside its namespace, all the way a client's request goes but the wire.</summary>
internal sealed class ProxyCheck(NamespaceSockets sockets, TimeProvider timeProvider)
{
    private const int MaxAnswerBytes = 4096;

    // Beside another process' proxy on the same address, one of these is ours but for a chance of 2^-64.
    private const int MaxAttempts = 64;

    /// <summary>Returns when the proxy has answered.</summary>
    /// <exception cref="DhcpHostException">It has not, within <paramref name="deadline"/>.</exception>
    public async Task RunAsync(NetworkNamespace ns, NetworkProxy proxy, IPEndPoint target, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(deadline, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                if ((await AskAsync(ns, proxy, target, stop.Token)).Contains(proxy.Nonce, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (SocketException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"The metadata proxy at {target} cannot be reached inside {ns.Name}: {e.Message}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DhcpHostException(
                FailureKind.Transient, $"The metadata proxy at {target} inside {ns.Name} did not answer within {deadline.TotalSeconds:0.#} s.", e);
        }

        throw new DhcpHostException(FailureKind.Conflict, $"Something else than this host answers at {target} inside {ns.Name}.");
    }

    private async Task<string> AskAsync(NetworkNamespace ns, NetworkProxy proxy, IPEndPoint target, CancellationToken cancellationToken)
    {
        var any = target.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        using var socket = await sockets.OpenAsync(ns, new(SocketType.Stream, new(any, 0)), cancellationToken);
        await socket.ConnectAsync(target, cancellationToken);
        var request = $"HEAD / HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n{MetadataApplication.CheckHeader}: {proxy.Nonce}\r\n\r\n";
        _ = await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxAnswerBytes);
        try
        {
            var length = 0;
            while (length < MaxAnswerBytes
                && await socket.ReceiveAsync(buffer.AsMemory(length, MaxAnswerBytes - length), cancellationToken) is > 0 and var count)
            {
                length += count;
            }

            return Encoding.ASCII.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
