namespace DhcpHost.Hosting;

/// <summary>Starts steps in order, each with its time in the log, and stops those that began in the reverse order.</summary>
internal sealed partial class HostStages(IReadOnlyList<HostStage> stages, TimeProvider time, ILogger<HostStages> logger)
{
    private readonly Stack<HostStage> _begun = new();

    /// <summary>Starts all; where one fails its exception is thrown, and <see cref="StopAsync"/> undoes what began.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in stages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = time.GetTimestamp();
            _begun.Push(stage);
            await stage.StartAsync(cancellationToken);
            var elapsed = time.GetElapsedTime(began).TotalMilliseconds;
            LogStarted(stage.Name, elapsed);
        }
    }

    /// <summary>Stops what began. A step that fails to stop keeps no other from stopping.</summary>
    public async Task StopAsync()
    {
        while (_begun.TryPop(out var stage))
        {
            if (stage.StopAsync is null)
            {
                continue;
            }

            var began = time.GetTimestamp();
            try
            {
                await stage.StopAsync();
                var elapsed = time.GetElapsedTime(began).TotalMilliseconds;
                LogStopped(stage.Name, elapsed);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The boundary of the stop: whatever fails here, the rest has to end in order.
                LogStopFailed(stage.Name, exception);
            }
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Debug, Message = "Start: {Stage} in {Milliseconds:0.0} ms")]
    private partial void LogStarted(string stage, double milliseconds);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Debug, Message = "Stop: {Stage} in {Milliseconds:0.0} ms")]
    private partial void LogStopped(string stage, double milliseconds);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Error, Message = "Stop: {Stage} did not end well")]
    private partial void LogStopFailed(string stage, Exception exception);
}
