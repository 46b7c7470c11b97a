using System.Globalization;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Linux.Processes;

/// <summary>A server between its start and its first answer: it is either handed on ready, or ended.</summary>
/// <param name="program">Its name, for people.</param>
/// <param name="process">Its process.</param>
public sealed class StartedServer(string program, ServerProcess process)
{
    /// <summary>Hands the process on if the work is done, and kills it if not: nobody knows of it yet, and nobody shall have to look for it.</summary>
    public async Task<ServerProcess> KeepIfAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await work();
            return process;
        }
        catch
        {
            _ = await process.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Hands the process on when it is ready, and kills it if it is not in time.</summary>
    /// <param name="ready">Ends when it is ready.</param>
    /// <param name="limit">How long it has.</param>
    /// <param name="limitKey">The setting of that.</param>
    /// <param name="said">Reads what it said, a sentence for people.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="cancellationToken">Gives up, which kills it, too.</param>
    /// <exception cref="DhcpHostException">It ended at once, or did not get ready in time; then it was killed.</exception>
    public Task<ServerProcess> KeepIfReadyAsync(
        Func<CancellationToken, Task> ready, TimeSpan limit, string limitKey, Func<string> said, TimeProvider timeProvider,
        CancellationToken cancellationToken) =>
        KeepIfAsync(async () =>
        {
            using var deadline = new CancellationTokenSource(limit, timeProvider);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            var becomingReady = ready(stop.Token);
            var first = await Task.WhenAny(becomingReady, process.Exit);
            if (first == process.Exit)
            {
                await stop.CancelAsync();
                throw new DhcpHostException(FailureKind.Transient, $"{program} ended while it started: {await process.Exit}. {said()}");
            }

            try
            {
                await becomingReady;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
                throw new DhcpHostException(FailureKind.Transient, $"{program} was not ready within {seconds} s ({limitKey}) and was ended. {said()}", e);
            }
        });
}
