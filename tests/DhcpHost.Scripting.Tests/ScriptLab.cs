using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Policies;
using DhcpHost.Core.Scripts;
using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Compilation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Scripting.Tests;

/// <summary>A folder of scripts and a host that runs them.</summary>
internal sealed class ScriptLab : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-scripts-");

    public ScriptLab(
        IScriptCompiler? compiler = null, TimeProvider? timeProvider = null, Action<ScriptingOptions>? configure = null, ILoggerFactory? loggers = null,
        string? cache = null, string? seed = null)
    {
        Limits = new LimitsOptions { PolicyTime = TimeSpan.FromMilliseconds(200) };
        var options = new ScriptingOptions { Directory = Root, CacheDirectory = cache ?? Path.Combine(_directory.FullName, "cache", "scripts") };
        configure?.Invoke(options);
        Cache = options.CacheDirectory;
        _ = Directory.CreateDirectory(Path.Combine(Root, "policies"));
        _ = Directory.CreateDirectory(Path.Combine(Root, "jobs"));
        Host = new(
            options, () => Limits, compiler ?? new InProcessCompiler(), Events, timeProvider ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance,
            seed);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LimitsOptions Limits { get; set; }

    public string Root => Path.Combine(_directory.FullName, "scripts");

    public string Cache { get; }

    public RecordingEventLog Events { get; } = new();

    public ScriptHost Host { get; }

    public IPolicies Policies => Host.Policies;

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Delete(string file) => File.Delete(Path.Combine(Root, file));

    public Task StartAsync(EpollLoop? epoll = null) => Host.StartAsync(epoll, Cancellation);

    public Task ReloadAsync() => Host.ReloadAsync(Cancellation);

    public async Task PutAsync(string file, string text)
    {
        Write(file, text);
        await ReloadAsync();
    }

    public ScriptStatus Status(string name) => Host.Catalog.Scripts.Single(script => script.Name == name);

    public PolicyAnswer<int> PoolSize(int pending = 5) => Policies.PoolSize(Pool(pending));

    public PolicyAnswer<AdmitDecision> Admit(string network = "n1") =>
        Policies.AdmitNetwork(new() { Network = new() { Id = new(network), Name = network }, Source = new("files"), ServedNetworks = 0 });

    public static PoolSizeContext Pool(int pending) => new()
    {
        Networks = 10,
        Pending = pending,
        Running = 1,
        CurrentSize = 2,
        RecentLatency = TimeSpan.FromMilliseconds(10),
        RecentFailures = 0,
        Cpus = 4,
        Min = 1,
        Max = 16,
    };

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
