using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Policies;
using DhcpHost.Core.Scripts;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Execution;
using DhcpHost.Scripting.Jobs;
using DhcpHost.Scripting.Policies;
using DhcpHost.Scripting.Reload;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting;

/// <summary>
/// The scripts' part of the host. Before <see cref="StartAsync"/> the built-in rules are in force; <see cref="Catalog"/> can check files
/// all the same. It is awaited before the first network is decided upon, so that none is served that a script refuses.
/// </summary>
public sealed class ScriptHost : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private readonly ScriptingOptions _options;
    private readonly Func<LimitsOptions> _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CallWatchdog _watchdog;
    private readonly ScriptScanner _scanner;
    private readonly PolicyScripts _policies;
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private DirectoryWatches? _watches;
    private Task _loop = Task.CompletedTask;
    private readonly ScriptMetrics _metrics;

    /// <param name="options">The table <c>[scripts]</c>.</param>
    /// <param name="limits">The table <c>[limits]</c> as it is now; asked at each scan and each job.</param>
    /// <param name="compiler">
    /// Compiles what the cache does not have: <see cref="ChildProcessCompiler"/> in the daemon, <see cref="InProcessCompiler"/> where the
    /// process ends soon anyway. The cache is put before it here.
    /// </param>
    /// <param name="events">Where decisions and problems are recorded.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="seedDirectory">Where scripts are that were compiled with the program; <c>null</c>: nowhere.</param>
    public ScriptHost(
        ScriptingOptions options, Func<LimitsOptions> limits, IScriptCompiler compiler, IEventLog events, TimeProvider timeProvider, ILoggerFactory loggers,
        string? seedDirectory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _limits = limits;
        _timeProvider = timeProvider;
        _logger = loggers.CreateLogger("DhcpHost.Scripting");
        _watchdog = new(limits().PolicyTime, options.CallMemory.Bytes);
        var policies = _policies = new PolicyScripts(_watchdog, new(options, events, timeProvider, _logger));
        var jobs = new JobScripts(options, limits, timeProvider, loggers);
        var cache = new CachingCompiler(options.CacheDirectory, seedDirectory, compiler, _logger);
        _scanner = new(options, limits, cache, policies, jobs, new(events, timeProvider, _logger), timeProvider);
        Policies = policies;
        Jobs = jobs;
        Catalog = new ScriptCatalog(_scanner, policies, jobs);
        _metrics = new(policies, cache);
    }

    /// <summary>The site's decisions.</summary>
    public IPolicies Policies { get; }

    /// <summary>The job scripts.</summary>
    public IJobScripts Jobs { get; }

    /// <summary>All scripts, for people.</summary>
    public IScriptCatalog Catalog { get; }

    /// <summary>Puts all good scripts in force, then watches the files.</summary>
    /// <param name="epoll">Reads the kernel's hints; stays the caller's. <c>null</c>: files are only looked at now and then.</param>
    /// <param name="cancellationToken">Ends the first scan.</param>
    public async Task StartAsync(EpollLoop? epoll, CancellationToken cancellationToken)
    {
        _watches = epoll is null ? null : new(
            epoll, Quiet, _timeProvider, (directory, problem) => ScriptLog.NotWatched(_logger, directory, problem, _options.RescanInterval.TotalSeconds));
        Follow();
        _ = await _scanner.ScanAsync(isExplicit: true, cancellationToken);
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>Looks at all files now and puts in force what is good.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        _watchdog.SetLimit(_limits().PolicyTime);
        _ = await _scanner.ScanAsync(isExplicit: true, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _watches?.Dispose();
        foreach (var policy in _policies.All)
        {
            policy.Remove();
        }

        _metrics.Dispose();
        _watchdog.Dispose();
        _scanner.Dispose();
        _stop.Dispose();
    }

    /// <summary>Watches what is there; a folder that is made later is noticed by the one above it, or by the next look.</summary>
    private void Follow()
    {
        string[] directories = [_scanner.Root, Path.Combine(_scanner.Root, ScriptFolder.Policies), Path.Combine(_scanner.Root, ScriptFolder.Jobs)];
        var there = directories.Where(Directory.Exists).ToList();
        _absent.ExceptWith(there);
        foreach (var directory in directories.Except(there).Where(_absent.Add))
        {
            ScriptLog.NoDirectory(_logger, directory);
        }

        _watches?.Follow(there);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = _options.RescanInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            await (_watches?.WaitAsync(interval, cancellationToken) ?? Task.Delay(interval, _timeProvider, cancellationToken));
            try
            {
                // First, so that what is written into a new folder from now on is told.
                Follow();
                _watchdog.SetLimit(_limits().PolicyTime);
                var isUnsure = await _scanner.ScanAsync(isExplicit: false, cancellationToken);
                interval = isUnsure ? TimeSpan.FromSeconds(1) : _options.RescanInterval;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A scan that fails must not be the last one.
                ScriptLog.ScanFailed(_logger, exception);
            }
        }
    }
}
