using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>A process with the real oslo.messaging (Debian's python3-oslo.messaging): oslo_peer.py says what it can do.</summary>
internal sealed class OsloPeer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<JsonElement> _lines = Channel.CreateUnbounded<JsonElement>();
    private readonly List<JsonElement> _unread = [];
    private readonly List<string> _errors = [];
    private bool _isDisposed;

    private OsloPeer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is { } line)
            {
                _ = _lines.Writer.TryWrite(JsonElement.Parse(line));
            }
            else
            {
                _ = _lines.Writer.TryComplete();
            }
        };
        process.ErrorDataReceived += (_, e) =>
        {
            lock (_errors)
            {
                _errors.Add(e.Data ?? "");
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it logged.</summary>
    public string Log
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors);
            }
        }
    }

    /// <param name="url">The transport URL.</param>
    /// <param name="suffix">Of the topics and the exchange.</param>
    /// <param name="options">Options of [oslo_messaging_rabbit]: <c>name=JSON</c>.</param>
    public static async Task<OsloPeer> StartAsync(string url, string suffix, params string[] options)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Messaging", "oslo_peer.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, url, suffix, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var peer = new OsloPeer(Process.Start(start)!);
        _ = await peer.WaitAsync(line => line.TryGetProperty("ready", out _));
        return peer;
    }

    /// <summary>Lets it do something, and waits until that is done.</summary>
    public async Task DoAsync(string what, object? arguments = null)
    {
        var command = JsonSerializer.SerializeToNode(arguments ?? new { })!.AsObject();
        command["do"] = what;
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
        _ = await WaitAsync(line => line.TryGetProperty("done", out var done) && done.GetString() == what);
    }

    /// <summary>Waits until one of its methods is called.</summary>
    public Task<JsonElement> CalledAsync(string method) =>
        WaitAsync(line => line.TryGetProperty("called", out var called) && called.GetString() == method);

    /// <summary>Waits until it has a cast, as an agent.</summary>
    public Task<JsonElement> CastAsync(string method) => WaitAsync(line => line.TryGetProperty("cast", out var cast) && cast.GetString() == method);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> WaitAsync(Func<JsonElement, bool> fits)
    {
        var earlier = _unread.FindIndex(line => fits(line));
        if (earlier >= 0)
        {
            var line = _unread[earlier];
            _unread.RemoveAt(earlier);
            return line;
        }

        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(limit.Token);
                if (fits(line))
                {
                    return line;
                }

                _unread.Add(line);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            Assert.Fail($"the peer did not say so: {Log}");
            throw;
        }
    }
}
