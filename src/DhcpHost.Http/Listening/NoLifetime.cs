using Microsoft.Extensions.Hosting;

namespace DhcpHost.Http.Listening;

/// <summary>Signals are the daemon's business: the default lifetime would take SIGINT and SIGTERM for the web host.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
