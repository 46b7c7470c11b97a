using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>Stands where neutron-metadata-agent or Nova stands: keeps every request, and answers as a test says.</summary>
public sealed class RecordingUpstream : IAsyncDisposable
{
    private const int MaxHead = 64 * 1024;

    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private RecordingUpstream(EndPoint local)
    {
        _listener = new(local.AddressFamily, SocketType.Stream, local is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        _listener.Bind(local);
        _listener.Listen(512);
        _loop = AcceptAsync();
    }

    /// <summary>What it answers: the status line's number and text, and the body.</summary>
    public (string Status, string Body) Answer { get; set; } = ("200 OK", "instance data");

    /// <summary>Answers wait for this; null: at once.</summary>
    public Func<CapturedRequest, Task>? Delay { get; set; }

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<CapturedRequest> Requests { get; } = new();

    /// <summary>Its TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>On a Unix socket, as the agent.</summary>
    public static RecordingUpstream OnSocket(string path)
    {
        File.Delete(path);
        return new(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>On a TCP port of the loopback, as Nova.</summary>
    public static RecordingUpstream OnPort(int port = 0) => new(new IPEndPoint(IPAddress.Loopback, port));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_loop.IsCompleted)
        {
            await _stop.CancelAsync();
            _listener.Dispose();
            await _loop;
            _stop.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        var answering = new ConcurrentDictionary<Task, bool>();
        try
        {
            while (true)
            {
                var task = AnswerAsync(await _listener.AcceptAsync(_stop.Token));
                _ = answering.TryAdd(task, true);
                _ = task.ContinueWith(done => answering.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(answering.Keys);
        }
    }

    private async Task AnswerAsync(Socket client)
    {
        using (client)
        {
            try
            {
                if (await ReadAsync(client) is not { } request)
                {
                    return;
                }

                Requests.Enqueue(request);
                if (Delay is { } delay)
                {
                    await delay(request).WaitAsync(_stop.Token);
                }

                var (status, body) = Answer;
                var text = $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
                _ = await client.SendAsync(Encoding.UTF8.GetBytes(text), _stop.Token);
                client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The test ends, or the proxy went away.
            }
        }
    }

    private async Task<CapturedRequest?> ReadAsync(Socket client)
    {
        var buffer = new byte[MaxHead];
        var length = 0;
        while (true)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
            length += count;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            if (count == 0)
            {
                return null;
            }

            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                var lines = text[..end].Split("\r\n");
                var words = lines[0].Split(' ');
                return new(words[0], words[1], [.. lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))]);
            }
        }
    }
}
