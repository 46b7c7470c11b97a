using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using DhcpHost.Testing;
using DhcpHost.Tests.Configuration;

namespace DhcpHost.Tests.Hosting;

/// <summary>The real executable as a child, with directories of its own that go with it.</summary>
internal sealed class HostChild : IAsyncDisposable
{
    public const string Ready = "READY=1";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly Socket _notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reader;
    private Process? _process;

    public HostChild()
    {
        Root = Directory.CreateTempSubdirectory("dhcphost-life-").FullName;
        Directory.CreateDirectory(Path.Combine(Root, "scripts"));
        Directory.CreateDirectory(Path.Combine(Root, "plugins"));
        Directory.CreateDirectory(Path.Combine(Root, "networks"));
        _notify.Bind(new UnixDomainSocketEndPoint(Path.Combine(Root, "notify")));
        _reader = ReadNoticesAsync();
        Configure("");
    }

    public string Root { get; }

    public string ConfigPath => Path.Combine(Root, "host.toml");

    public string SocketPath => Path.Combine(Root, "run", "api.sock");

    public int Id => _process!.Id;

    /// <summary>All lines of its standard error.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>All that it told systemd.</summary>
    public IReadOnlyList<string> Notices => [.. _notices];

    /// <summary>The plugins of this build.</summary>
    public static string Plugins => Path.Combine(ShippedConfig.Top, "artifacts", "plugins");

    /// <summary>Writes a host.toml with the child's own directories, and more.</summary>
    public void Configure(string more, string plugins = "plugins")
    {
        File.WriteAllText(ConfigPath + ".new", $$"""
            [host]
            state_directory = "state"
            runtime_directory = "run"
            cache_directory = "cache"
            [plugins]
            directories = ["{{plugins}}"]
            [management]
            socket = "{{SocketPath}}"
            {{more}}
            """);
        File.Move(ConfigPath + ".new", ConfigPath, overwrite: true);
    }

    public void Start(params string[] arguments)
    {
        // Where the tests run in a shell's background, SIGINT is ignored, and would be in the host as well.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Testing.Product.Executable, "--config", ConfigPath, "run", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = Path.Combine(Root, "notify");
        start.Environment["WATCHDOG_USEC"] = "600000";
        _ = start.Environment.Remove("WATCHDOG_PID");
        _process = new() { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        Assert.True(_process.Start());
        _process.BeginErrorReadLine();
    }

    public async Task StartReadyAsync(CancellationToken cancellationToken)
    {
        var before = Count(Ready);
        Start();
        await Eventually.TrueAsync(() => Count(Ready) > before || _process!.HasExited, TimeSpan.FromSeconds(60), cancellationToken);
        Assert.False(_process!.HasExited, string.Join('\n', Lines));
    }

    /// <summary>Waits until it has told systemd so, as often as said since the test began.</summary>
    public Task NotifiesAsync(string start, CancellationToken cancellationToken, int times = 1) =>
        Eventually.TrueAsync(() => Count(start) == times, cancellationToken: cancellationToken, what: $"{times} times {start}");

    public async Task SaysAsync(string text, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Eventually.DefaultDeadline)
            {
                Assert.Fail($"It never said '{text}'. It said:\n{string.Join('\n', Lines)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }

    public async Task SignalAsync(string name, CancellationToken cancellationToken)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-s", name, Id.ToString(CultureInfo.InvariantCulture)]))!;
        await kill.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process!.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
        }

        await _stop.CancelAsync();
        await _reader.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process?.Dispose();
        _notify.Dispose();
        _stop.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private int Count(string notice) => Notices.Count(text => text.StartsWith(notice, StringComparison.Ordinal));

    private async Task ReadNoticesAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var length = await _notify.ReceiveAsync(buffer, _stop.Token);
            _notices.Enqueue(System.Text.Encoding.UTF8.GetString(buffer, 0, length));
        }
    }
}
