using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>Clients of one network that ask for metadata without pause, each time over a connection of its own.</summary>
internal sealed class MetadataClients : IAsyncDisposable
{
    private const int Count = 3;
    private static readonly Uri Target = new("http://169.254.169.254/latest/meta-data");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly LinuxLab _lab;
    private readonly LabStation _station;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _asking;
    private int _answers;
    private bool _mayFail;

    public MetadataClients(LinuxLab lab, LabStation station)
    {
        _lab = lab;
        _station = station;
        _client = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _asking = Task.WhenAll(Enumerable.Range(0, Count).Select(_ => RunAsync()));
    }

    /// <summary>How many answers came.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>What was answered otherwise, or not at all, twice in a row, while that was not allowed.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Whether the network is without metadata by decision now.</summary>
    public bool MayFail
    {
        get => Volatile.Read(ref _mayFail);
        set => Volatile.Write(ref _mayFail, value);
    }

    /// <summary>Asks once; <c>null</c> for the right answer, else what came in its place.</summary>
    public async Task<string?> AskAsync(CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience ?? Patience);
        try
        {
            using var answer = await _client.GetAsync(Target, deadline.Token);
            var body = await answer.Content.ReadAsStringAsync(deadline.Token);
            return answer.StatusCode == HttpStatusCode.OK && body == "instance data" ? null : $"{answer.StatusCode} {body}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var mightFail = MayFail;
            try
            {
                // A connection that a proxy has not accepted yet when it ends is reset by the kernel: clients ask again.
                var failure = await AskAsync(_stop.Token) is null ? null : await AskAsync(_stop.Token);
                if (failure is null)
                {
                    _ = Interlocked.Increment(ref _answers);
                }
                else if (!mightFail && !MayFail)
                {
                    _failures.Enqueue(failure);
                }

                await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = await _lab.Broker.RunAsync(
            _station.Namespace, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), cancellationToken);
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(Target.Host), Target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
