using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugin.Kea.Control;

/// <summary>
/// Speaks to a server over its control socket: one command a connection, JSON both ways (Kea Administrator Reference Manual, Management API).
/// </summary>
internal static class ControlChannel
{
    // A lease takes some 400 bytes in an answer.
    private const int MaxAnswerBytes = 256 * 1024 * 1024;
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Sends a command and reads its answer.</summary>
    /// <param name="socket">The socket's path.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="arguments">Its arguments as JSON; <c>null</c> for none.</param>
    /// <param name="deadline">How long the server may take.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="cancellationToken">Ends the wait; the server may carry out the command all the same.</param>
    /// <exception cref="DhcpHostException">The server does not answer, or answers what is no answer.</exception>
    public static async Task<ControlAnswer> SendAsync(
        string socket, string command, string? arguments, TimeSpan deadline, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var text = $"{{\"command\":{JsonSerializer.Serialize(command, ControlJson.Default.String)}{(arguments is null ? "" : $",\"arguments\":{arguments}")}}}";
        using var timeout = new CancellationTokenSource(deadline, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return Parse(command, await ExchangeAsync(socket, Encoding.UTF8.GetBytes(text), stop.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DhcpHostException(
                FailureKind.Transient, $"Kea did not answer {command} within {deadline.TotalSeconds:0.#} s (drivers.kea.command_timeout).", e);
        }
        catch (SocketException e)
        {
            // What .NET makes of a missing socket ("Cannot assign requested address") leads nowhere.
            var reason = File.Exists(socket) ? e.Message : "there is no such socket";
            throw new DhcpHostException(FailureKind.Transient, $"Kea's control socket {socket} could not be used: {reason}", e);
        }
    }

    /// <summary>Whether anybody listens at a socket: its file is there a moment before.</summary>
    public static async Task<bool> IsListeningAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            return false;
        }
    }

    private static async Task<byte[]> ExchangeAsync(string path, byte[] request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        for (ReadOnlyMemory<byte> left = request; !left.IsEmpty;)
        {
            left = left[await socket.SendAsync(left, cancellationToken)..];
        }

        var answer = new List<byte>();
        var chunk = new byte[ChunkBytes];
        for (int count; (count = await socket.ReceiveAsync(chunk.AsMemory(), cancellationToken)) > 0;)
        {
            answer.AddRange(chunk.AsSpan(0, count));
            if (answer.Count > MaxAnswerBytes)
            {
                throw new DhcpHostException(FailureKind.Limit, $"Kea's answer has more than {MaxAnswerBytes} bytes.");
            }
        }

        return [.. answer];
    }

    private static ControlAnswer Parse(string command, byte[] answer)
    {
        try
        {
            if (JsonNode.Parse(answer) is JsonObject node && node["result"] is JsonValue value && value.TryGetValue(out int result))
            {
                return new(result, node["text"]?.GetValue<string>() ?? "", node["arguments"]);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DhcpHostException(FailureKind.Transient, $"Kea's answer to {command} is not JSON of the expected form: {e.Message}", e);
        }

        throw new DhcpHostException(FailureKind.Transient, $"Kea ended the connection without an answer to {command}.");
    }
}
