using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Configuration;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Systemd;
using DhcpHost.Logging;
using DhcpHost.Toml.Values;

namespace DhcpHost.Hosting;

/// <summary>One run of the daemon: starts its parts in order, waits, reloads, stops them in the reverse order.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SettleTimeMax = TimeSpan.FromSeconds(30);

    private readonly LiveConfig _live;
    private readonly HostSignals _signals;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SystemdNotifier _notifier = SystemdNotifier.FromEnvironment();
    private readonly InstanceLock _lock = new();
    private readonly HostParts _parts;
    private readonly HostStages _stages;
    private readonly ConfigReloader _reloader;
    private readonly long _began;
    private long? _stopAskedAt;
    private volatile bool _isStarted;

    public HostProcess(LoadedConfig loaded, HostLogging logging, HostSignals signals, TimeProvider time)
    {
        (_live, _signals, _time, _began) = (new(loaded), signals, time, time.GetTimestamp());
        _logger = logging.Factory.CreateLogger<HostProcess>();
        _lock.Acquire(loaded.Config.Host);
        _parts = new(_live, logging, time);
        _reloader = new(_live, new(time), _parts, logging, _notifier, time);
        _stages = new(Stages(), time, logging.Factory.CreateLogger<HostStages>());
    }

    private TimeSpan StopServersTime => _live.Started.Config.Engine.StopServersTime;

    /// <summary>Runs to the end.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(bool stopServers, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var starting = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var giveUp = stopping.Token.Register(() => GiveUpStart(starting, stopServers));
        var asked = WaitForStopAsync(stopping);
        var watchdog = new WatchdogLoop(_notifier, () => _parts.Engine.Status is not null, _time).RunAsync(stopping.Token);
        var code = ExitCodes.Success;
        try
        {
            LogStarting(HostParts.Version, Environment.ProcessId, _live.Started.Path);
            await _stages.StartAsync(starting.Token);
            _isStarted = true;
            await ServeAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop, in the midst of the start or later.
        }
        catch (HostStartException exception)
        {
            exception.Messages.ToList().ForEach(LogCannotStart);
            code = exception.ExitCode;
        }
        catch (DhcpHostException exception)
        {
            LogCannotStart(exception.Message);
            code = exception.Kind == FailureKind.Invalid ? ExitCodes.Config : ExitCodes.Temporary;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
        {
            LogCannotStart(exception.Message);
            code = ExitCodes.Temporary;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The boundary of the process: whatever it is, the parts that began are stopped in order, and the servers run on.
            LogBug(exception);
            code = ExitCodes.Software;
        }

        if (code != ExitCodes.Success)
        {
            LogOptions();
        }

        _notifier.Stopping("stopping");
        await stopping.CancelAsync();
        LogStopping(code != ExitCodes.Success ? "a failure" : await asked);
        var stop = StopAsync(stopServers && code == ExitCodes.Success);
        if (await Task.WhenAny(stop, _signals.ForceAsked) != stop)
        {
            LogForced();
            return ExitCodes.Forced;
        }

        await Task.WhenAll(stop, watchdog);
        var uptime = DurationText.Format(TimeSpan.FromSeconds(Math.Round(_time.GetElapsedTime(_began).TotalSeconds)));
        LogStopped(uptime);
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_signals.ForceAsked.IsCompleted)
        {
            await _parts.DisposeAsync();
        }

        _reloader.Dispose();
        _lock.Dispose();
    }

    /// <summary>A start that is not wanted any more ends at once, unless servers are to be ended: what an earlier run left has to be found first.</summary>
    private void GiveUpStart(CancellationTokenSource starting, bool stopServers)
    {
        _stopAskedAt = _time.GetTimestamp();
        if (!stopServers)
        {
            starting.Cancel();
        }
        else if (!_isStarted)
        {
            LogRecoversToStop();

            // The other half is for the servers to end in.
            starting.CancelAfter(StopServersTime / 2);
        }
    }

    private List<HostStage> Stages() =>
    [
        new("management API", _parts.Management.StartAsync),
        new("plugins and scripts", StartCodeAsync, async () => await _parts.Plugins.DisposeAsync()),
        new("engine", _parts.Engine.StartAsync, async () => await _parts.Engine.DisposeAsync()),
        new("jobs", token => _parts.Jobs.StartAsync(_live.Current.Jobs, token), async () => await _parts.Jobs.DisposeAsync()),
        new("ready", SayReadyAsync, () => _parts.Management.StopAsync(CancellationToken.None)),
    ];

    private async Task StartCodeAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(StartPluginsAsync(cancellationToken), _parts.Scripts.StartAsync(_parts.Epoll, cancellationToken));
        if (_parts.Plugins.UnclaimedTables is { Count: > 0 } unclaimed)
        {
            throw new HostStartException(ExitCodes.Config, [.. unclaimed.Select(error => error.ToString())]);
        }

        if (_parts.Plugins.Registry.Sources.Count == 0)
        {
            LogNoSource();
        }
    }

    /// <summary>Where the state tells what ran, the plugins that ran it come first; the others when it serves again.</summary>
    private async Task StartPluginsAsync(CancellationToken cancellationToken)
    {
        _ = await _parts.State.OpenAsync(readOnly: false, cancellationToken);
        var ran = _parts.State.Networks.SelectMany(network => network.Handles).Select(stored => stored.Handle.DriverId.Value);
        var defaults = _live.Started.Config.Defaults;
        var first = ran.Concat([defaults.InterfaceDriver, defaults.DhcpDriver, defaults.MetadataDriver]).Where(id => id.Length > 0)
            .Select(id => new PluginId(id)).ToHashSet();
        await _parts.Plugins.StartAsync(_parts.State.IsIncomplete ? null : first, cancellationToken);
    }

    private Task SayReadyAsync(CancellationToken cancellationToken)
    {
        var elapsed = _time.GetElapsedTime(_began);
        _reloader.Announce();
        _parts.Events.Record(new()
        {
            Time = _time.GetUtcNow(),
            Severity = EventSeverity.Info,
            Kind = "host.ready",
            Message = $"DhcpHost {HostParts.Version} is ready after {elapsed.TotalSeconds:0.00} s",
        });
        _notifier.Ready("ready");
        return Task.CompletedTask;
    }

    private async Task<string> WaitForStopAsync(CancellationTokenSource stopping)
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Token.Register(() => ended.TrySetResult("the caller"));
        var why = await await Task.WhenAny(_signals.StopAsked, ended.Task);
        await stopping.CancelAsync();
        return why;
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var serving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts = [ReloadAsync(serving.Token), SettleAsync(serving.Token)];

        // Neither ends by itself. One that failed is a fault of the host, which ends it now: the other would hide it, and no reload be heard again.
        _ = await Task.WhenAny(parts);
        await serving.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <summary>What need not hold up the first sync.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SettleTime, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken) && !_parts.Engine.Status.IsSynced && _time.GetElapsedTime(_began) < SettleTimeMax)
        {
        }

        LogOptions();
        await _parts.Plugins.CompleteAsync(cancellationToken);
        _parts.Engine.AttachSources();
        var memory = ResidentMemory.OfThisProcess(_time);
        _ = await timer.WaitForNextTickAsync(cancellationToken);
        await memory.KeepAsync(cancellationToken);
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _signals.WaitForReloadAsync(cancellationToken);
            await _reloader.ReloadAsync(cancellationToken);
        }
    }

    private async Task StopAsync(bool stopServers)
    {
        if (stopServers)
        {
            var spent = _stopAskedAt is { } asked ? _time.GetElapsedTime(asked) : TimeSpan.Zero;
            var rest = spent < StopServersTime ? StopServersTime - spent : TimeSpan.Zero;
            var answer = await _parts.Engine.StopServersAsync(rest, CancellationToken.None);
            LogServers(answer.IsDone ? LogLevel.Information : LogLevel.Warning, answer.Message);
        }

        await _stages.StopAsync();
    }

    private void LogOptions()
    {
        foreach (var line in EffectiveOptions.DescribeChanged(_live.Started))
        {
            LogOption(LogLevel.Information, line);
        }

        foreach (var line in _logger.IsEnabled(LogLevel.Debug) ? EffectiveOptions.DescribeDefaults(_live.Started) : [])
        {
            LogOption(LogLevel.Debug, line);
        }
    }

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "DhcpHost {Version} starts as process {ProcessId} with {Path}")]
    private partial void LogStarting(string version, int processId, string path);

    [LoggerMessage(EventId = 1111, Message = "Option {Line}")]
    private partial void LogOption(LogLevel level, string line);

    [LoggerMessage(EventId = 1112, Level = LogLevel.Critical, Message = "Cannot start: {Reason}")]
    private partial void LogCannotStart(string reason);

    [LoggerMessage(EventId = 1118, Level = LogLevel.Critical, Message = "The host met a fault of its own and stops")]
    private partial void LogBug(Exception exception);

    [LoggerMessage(
        EventId = 1113, Level = LogLevel.Warning, Message = "No source of networks is loaded: add a table such as [sources.files]; see 'dhcphost plugins'")]
    private partial void LogNoSource();

    [LoggerMessage(EventId = 1114, Level = LogLevel.Information, Message = "Stopping, asked by {Reason}")]
    private partial void LogStopping(string reason);

    [LoggerMessage(EventId = 1115, Message = "Servers: {Message}")]
    private partial void LogServers(LogLevel level, string message);

    [LoggerMessage(EventId = 1119, Level = LogLevel.Information, Message = "Asked to stop: what an earlier run left is found first, so that it can be ended")]
    private partial void LogRecoversToStop();

    [LoggerMessage(
        EventId = 1116,
        Level = LogLevel.Warning,
        Message = "Stopped at once by a second signal: work under way was cut off, and is taken up by the next start")]
    private partial void LogForced();

    [LoggerMessage(EventId = 1117, Level = LogLevel.Information, Message = "Stopped in order after {Uptime}")]
    private partial void LogStopped(string uptime);
}
