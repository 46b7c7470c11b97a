using DhcpHost.Abstractions.Jobs;
using DhcpHost.Core.Scripts;

namespace DhcpHost.Scheduling.Tests.Fakes;

internal sealed class FakeJobScripts : IJobScripts
{
    public Dictionary<string, Func<IJobHost, CancellationToken, Task>> Scripts { get; } = [];

    public IReadOnlyList<string> Names => [.. Scripts.Keys];

    public Task RunAsync(string name, IJobHost host, CancellationToken cancellationToken) => Scripts[name](host, cancellationToken);
}
