using DhcpHost.Abstractions.Networks;
using DhcpHost.Hosting;
using DhcpHost.Linux.Files;

namespace DhcpHost.Cli;

/// <summary>What a command sees of the world; a test puts its own in.</summary>
public sealed record CliEnvironment
{
    /// <summary>Where the command's answer goes, and nothing else.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where everything else goes.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Opens what the command is given to read.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Calls back when nobody reads the output any more, until what it gives is disposed; <c>null</c> where that cannot be.</summary>
    public Func<Action, IDisposable?> WatchReader { get; init; } = gone => ReaderWatch.TryWatch(ReaderWatch.StandardOutput, gone);

    /// <summary>Whether the output is a terminal: then tables are drawn, otherwise plain columns for programs.</summary>
    public bool IsTerminal { get; init; } = !Console.IsOutputRedirected;

    /// <summary>Whether the diagnostics go to a terminal.</summary>
    public bool IsErrorTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Columns of the terminal; <c>null</c> where it knows itself.</summary>
    public int? Width { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whether the command runs as root.</summary>
    public bool IsPrivileged { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary>Environment variables.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Runs the daemon.</summary>
    public Func<RunSettings, CancellationToken, Task<int>> Run { get; init; } = HostRunner.RunAsync;

    /// <summary>Checks without a daemon.</summary>
    public Func<string, CancellationToken, Task<CheckReport>> Check { get; init; } = OfflineHost.CheckAsync;

    /// <summary>Checks the scripts without a daemon.</summary>
    public Func<string, CancellationToken, Task<CheckReport>> CheckScripts { get; init; } = OfflineHost.CheckScriptsAsync;

    /// <summary>Plans without a daemon.</summary>
    public Func<string, NetworkId?, CancellationToken, Task<PlanReport>> Plan { get; init; } = OfflineHost.PlanAsync;
}
