using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Registry;

/// <summary>Listens to one driver: keeps its health, passes on what it notices, and opens the stream again, ever more slowly, when it ends.</summary>
internal sealed partial class DriverWatch(
    DriverGeneration generation, DriverRegistry registry, Action healthChanged, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _end = new();
    private Task _loop = Task.CompletedTask;

    public void Start()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Stops listening. A driver that does not end its stream in time is left behind.</summary>
    public async Task EndAsync(TimeSpan time)
    {
        await _end.CancelAsync();
        try
        {
            await _loop.WaitAsync(time, timeProvider);
        }
        catch (TimeoutException)
        {
            LogLeftBehind(generation.Key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private async Task RunAsync()
    {
        var token = _end.Token;
        var delay = FirstDelay;
        while (!token.IsCancellationRequested)
        {
            DriverHealth? health = null;
            try
            {
                if (await ListenAsync(token))
                {
                    delay = FirstDelay;
                }
                else
                {
                    health = new(IsHealthy: false, "its watch ended without telling its health");
                }
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The boundary to the driver: a watch that fails makes it unhealthy, and is tried again.
                health = new(IsHealthy: false, $"its watch failed: {exception.GetType().Name}: {exception.Message}");
                LogFailed(generation.Key, exception.ToString(), delay.TotalSeconds);
            }

            if (token.IsCancellationRequested || !await PauseAsync(health, delay, token))
            {
                return;
            }

            delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
        }
    }

    /// <returns>Whether it told anything.</returns>
    private async Task<bool> ListenAsync(CancellationToken token)
    {
        var any = false;
        await foreach (var driverEvent in generation.Driver!.WatchAsync(token))
        {
            any = true;
            await HearAsync(driverEvent, token);
        }

        return any;
    }

    private async Task HearAsync(DriverEvent? driverEvent, CancellationToken token)
    {
        switch (driverEvent)
        {
            case null:
            case DriverEvent.HealthChanged { Health: null }:
                throw new InvalidOperationException("it told null instead of an event");
            case DriverEvent.HealthChanged { Health: var health }:
                generation.Tell(health);
                healthChanged();
                break;
        }

        await registry.TellAsync(generation, driverEvent, token);
    }

    private async Task<bool> PauseAsync(DriverHealth? health, TimeSpan delay, CancellationToken token)
    {
        try
        {
            if (health is not null)
            {
                await HearAsync(new DriverEvent.HealthChanged(health), token);
            }

            await Task.Delay(delay, timeProvider, token);
            return true;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "The watch of the {Driver} failed, and is opened again in {Delay} s: {Exception}")]
    private partial void LogFailed(DriverKey driver, string exception, double delay);

    [LoggerMessage(3021, LogLevel.Warning, "The {Driver} did not end its watch in time; it is left behind")]
    private partial void LogLeftBehind(DriverKey driver);
}
