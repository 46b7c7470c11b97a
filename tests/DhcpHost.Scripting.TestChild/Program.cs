using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Scripting;
using DhcpHost.Scripting.Compilation;
using Microsoft.Extensions.Logging.Abstractions;

// What the tests look at from outside, in a process that has compiled nothing before:
//   compile-scripts REQUEST ANSWER   the host's own hidden command
//   load SCRIPTS CACHE               puts the scripts in force and says who decides and whether a compiler is in memory
//   crash                            what a compiler does that dies
return args switch
{
    [CompileScriptsCommand.Name, var request, var answer] => await CompileScriptsCommand.RunAsync(request, answer, Console.Error, CancellationToken.None),
    ["load", var scripts, var cache] => await LoadAsync(scripts, cache),
    _ => Fail(),
};

static async Task<int> LoadAsync(string scripts, string cache)
{
    await using var host = new ScriptHost(
        new() { Directory = scripts, CacheDirectory = cache }, () => new LimitsOptions(), new InProcessCompiler(), new NoEvents(), TimeProvider.System,
        NullLoggerFactory.Instance);
    await host.StartAsync(null, CancellationToken.None);
    var answer = host.Policies.AdmitNetwork(new() { Network = new Network { Id = new("n") }, Source = new("files"), ServedNetworks = 0 });
    var compiler = AppDomain.CurrentDomain.GetAssemblies().Any(
        assembly => assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
    Console.WriteLine($"{answer.Origin} compiler={compiler}");
    return 0;
}

static int Fail()
{
    Console.Error.WriteLine("the test child fails as it was told");
    return 3;
}

internal sealed class NoEvents : IEventLog
{
    public void Record(HostEvent hostEvent)
    {
    }

    public Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HostEvent>>([]);

    public async IAsyncEnumerable<HostEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }
}
