using System.Diagnostics.Metrics;
using NLog.Config;
using NLog.Extensions.Logging;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;
using LogFactory = NLog.LogFactory;
using NLogLevel = NLog.LogLevel;

namespace DhcpHost.Logging;

/// <summary>The host's logs on NLog: to standard error, and to a file of JSON lines; changed at run time by <see cref="Apply"/>.</summary>
public sealed partial class HostLogging : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "DhcpHost";

    /// <summary>The name of the counter of dropped lines.</summary>
    public const string DroppedName = "dhcphost_log_dropped_total";

    private readonly LogFactory _nlog = new() { AutoShutdown = false };
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _dropped;
    private readonly LogEnvironment _environment;
    private readonly string _directory;
    private LevelTable _levels;
    private FileOutcome? _file;

    /// <summary>Begins to log.</summary>
    /// <param name="options">What and where to.</param>
    /// <param name="environment">What standard error is.</param>
    /// <param name="directory">Where a relative path of the file starts.</param>
    public HostLogging(LoggingOptions options, LogEnvironment environment, string directory)
    {
        _environment = environment;
        _directory = directory;
        _dropped = _meter.CreateCounter<long>(DroppedName, "{line}", "Lines that did not reach the log file: its queue was full, or it could not be written.");
        _levels = new(options);
        Apply(options);
        var provider = new NLogLoggerProvider(
            new NLogProviderOptions
            {
                IncludeScopes = true,
                CaptureMessageTemplates = true,
                CaptureMessageProperties = true,
                RemoveLoggerFactoryFilter = true,
                ShutdownOnDispose = false,
            }, _nlog);
        Factory = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter((category, level) => Volatile.Read(ref _levels).IsEnabled(category ?? "", level))
            .AddProvider(provider));
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>Why the log file cannot be written; <c>null</c> where it can, or where there is none.</summary>
    public string? FileProblem => Volatile.Read(ref _file)?.Problem;

    /// <summary>Changes levels and targets; lines that wait are written first.</summary>
    public void Apply(LoggingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var configuration = new LoggingConfiguration(_nlog);
        var targets = new List<Target>();
        if (ConsoleTarget(options.Console) is { } console)
        {
            targets.Add(console);
        }

        FileOutcome? file = null;
        if (options.File.Path.Length > 0)
        {
            var path = Path.GetFullPath(options.File.Path, _directory);
            file = new(path, Tell);
            targets.Add(FileTarget(options.File, path, file));
        }

        var rule = new LoggingRule { LoggerNamePattern = "*" };
        rule.EnableLoggingForLevels(NLogLevel.Trace, NLogLevel.Fatal);
        targets.ForEach(rule.Targets.Add);
        configuration.LoggingRules.Add(rule);
        _nlog.Configuration = configuration;
        Volatile.Write(ref _file, file);
        Volatile.Write(ref _levels, new(options));
    }

    /// <summary>Writes what waits and ends: the last thing that the host does.</summary>
    public void Dispose()
    {
        Factory.Dispose();
        _nlog.Shutdown();
        _nlog.Dispose();
        _meter.Dispose();
    }

    private ConsoleTarget? ConsoleTarget(ConsoleFormat format)
    {
        var hasColor = _environment.HasColor;
        Layout? layout = format switch
        {
            ConsoleFormat.Off => null,
            ConsoleFormat.Json => JsonLines(),
            ConsoleFormat.Journal => Layout.FromMethod(LogLines.ForJournal),
            ConsoleFormat.Auto when _environment.IsJournal => Layout.FromMethod(LogLines.ForJournal),
            _ => Layout.FromMethod(entry => LogLines.ForTerminal(entry, hasColor)),
        };
        return layout is null ? null : new ConsoleTarget("console") { Layout = layout, StdErr = true, AutoFlush = true };
    }

    private AsyncTargetWrapper FileTarget(LogFileOptions options, string path, FileOutcome outcome)
    {
        var file = new FileTarget("file")
        {
            FileName = Layout.FromLiteral(path),
            Layout = JsonLines(),
            ArchiveAboveSize = options.MaxSize.Bytes,
            // NLog counts the file that is written as well.
            MaxArchiveFiles = options.Keep + 1,
            KeepFileOpen = true,
            CreateDirs = true,
        };
        var watched = new OutcomeTarget(file, failure =>
        {
            outcome.Note(failure);
            if (failure is not null)
            {
                _dropped.Add(1);
            }
        });
        var queued = new AsyncTargetWrapper("file-queue", watched)
        {
            QueueLimit = options.Queue,
            OverflowAction = options.WhenFull == LogOverflow.Drop ? AsyncTargetWrapperOverflowAction.Discard : AsyncTargetWrapperOverflowAction.Block,
        };
        queued.LogEventDropped += (_, _) => _dropped.Add(1);
        return queued;
    }

    /// <summary>On another thread: the one that writes the file must never wait for room in the queue before it.</summary>
    private void Tell(string? problem) => _ = Task.Run(() =>
    {
        var logger = Factory.CreateLogger<HostLogging>();
        if (problem is null)
        {
            LogFileWorks(logger);
        }
        else
        {
            LogFileFails(logger, problem);
        }
    });

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error, Message = "The log file {Problem}. Its lines are lost, and counted, until that works")]
    private static partial void LogFileFails(ILogger logger, string problem);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "The log file is written again")]
    private static partial void LogFileWorks(ILogger logger);

    private static JsonLayout JsonLines() => new()
    {
        Attributes =
        {
            new("time", "${date:universalTime=true:format=o}"),
            new("level", Layout.FromMethod(
                entry => entry.Level.Ordinal switch { 0 => "trace", 1 => "debug", 2 => "info", 3 => "warning", 4 => "error", _ => "critical" })),
            new("category", "${logger}"),
            new("network", Layout.FromMethod(entry => LogLines.NetworkOf(entry) ?? "")),
            new("message", "${message}"),
            new("exception", "${exception:format=ToString}"),
            new(
                "properties",
                new JsonLayout { IncludeEventProperties = true, ExcludeProperties = new HashSet<string> { "EventId", LogLines.NetworkProperty } },
                encode: false),
        },
    };
}
