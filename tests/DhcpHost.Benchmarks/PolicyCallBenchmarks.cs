using BenchmarkDotNet.Attributes;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Policies;
using DhcpHost.Scripting;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Testing.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Benchmarks;

/// <summary>A warm call of the policy script that ships, beside the same rule built in.</summary>
[MemoryDiagnoser]
public class PolicyCallBenchmarks : IAsyncDisposable
{
    private readonly PoolSizeContext _context = new()
    {
        Networks = 200,
        Pending = 20,
        Running = 4,
        CurrentSize = 4,
        RecentLatency = TimeSpan.FromMilliseconds(5),
        RecentFailures = 0,
        Cpus = 2,
        Min = 1,
        Max = 16,
    };

    private readonly BuiltInPolicies _builtIn = new();
    private ScriptHost _scripts = null!;
    private string _directory = null!;

    /// <summary>Compiles the scripts of the repository.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _directory = Directory.CreateTempSubdirectory("dhcphost-bench").FullName;
        var options = new ScriptingOptions { Directory = Path.Combine(FindRoot(), "scripts"), CacheDirectory = Path.Combine(_directory, "cache") };
        var limits = new LimitsOptions();
        _scripts = new(options, () => limits, new InProcessCompiler(), new FakeEventLog(), TimeProvider.System, NullLoggerFactory.Instance);
        await _scripts.StartAsync(null, CancellationToken.None);
    }

    /// <summary>Ends the scripts and removes the cache.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _scripts.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The rule in the host's own code.</summary>
    [Benchmark(Baseline = true)]
    public int BuiltIn() => _builtIn.PoolSize(_context).Value;

    /// <summary>The script, with its deadline, its guards and the record of its decisions.</summary>
    [Benchmark]
    public int Script() => _scripts.Policies.PoolSize(_context).Value;

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DhcpHost.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"No DhcpHost.sln above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }
}
