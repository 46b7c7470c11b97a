using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Status;
using DhcpHost.Plugins.Loading;
using DhcpHost.Plugins.Registry;

namespace DhcpHost.Plugins.Supervision;

/// <content>How a version comes in, and how it takes over from an older one.</content>
internal sealed partial class PluginSupervisor
{
    /// <summary>
    /// Waits for the first health of each driver. A first version may be ill; a replacement only where the version before it is ill too.
    /// </summary>
    private async Task ProbeAsync(PluginVersion next, CancellationToken cancellationToken)
    {
        var time = _runtime.Settings.StartTime();
        foreach (var generation in next.Generations)
        {
            DriverHealth health;
            try
            {
                health = await generation.FirstHealth.WaitAsync(time, _runtime.TimeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                health = new(IsHealthy: false, $"it did not tell its health within {time.TotalSeconds:0.###} s");
                generation.Tell(health);
            }

            if (!health.IsHealthy && _current?.Generations.FirstOrDefault(old => old.Key == generation.Key) is { Registered.Health.IsHealthy: true })
            {
                throw new PluginLoadException(
                    $"the {generation.Key} of version {next.Package.Manifest.Version} is unhealthy: {health.Message}", isPassing: true);
            }
        }
    }

    private async Task CommitAsync(PluginVersion next, CancellationToken cancellationToken)
    {
        var old = _current;
        try
        {
            CheckAdmissible(next);
            if (old is not null)
            {
                await HandOverAsync(old, next, cancellationToken);
            }
        }
        catch
        {
            _ = await next.EndAsync();
            throw;
        }

        _current = next;
        _runtime.Registry.Open(next.Generations);
        _runtime.Registry.SetSources(Id, next.Sources);
        if (old is not null)
        {
            var removed = old.Generations.Where(generation => next.Generations.All(other => other.Key != generation.Key));
            _runtime.Registry.Empty(removed, $"version {next.Package.Manifest.Version} of plugin '{Id}' does not offer it any more");
            foreach (var generation in old.Generations)
            {
                generation.IsLive = false;
            }

            _runtime.Registry.Announce(next.Generations);
        }

        SetReady(next, isSwap: old is not null);
        Tell(old, next);
        if (old is not null)
        {
            await EndVersionAsync(old);
        }
    }

    private void CheckAdmissible(PluginVersion next)
    {
        if (next.ThreadFailures.First is { } escaped)
        {
            throw new PluginLoadException(ThreadFailures.Describe(escaped), escaped);
        }

        if (next.HasSources && _runtime.IsStarted)
        {
            throw new PluginLoadException("it offers a source, and sources are taken in only when the host starts; restart the host");
        }

        foreach (var generation in next.Generations)
        {
            if (_runtime.Registry.FindOther(generation.Key, Id) is { } other)
            {
                throw new PluginLoadException($"plugin '{other}' offers the {generation.Key} already; remove one of the two plugins");
            }
        }
    }

    /// <summary>Gives what the old version runs to the new one, while nobody can call either. The old one stays as it is where that fails.</summary>
    private async Task HandOverAsync(PluginVersion old, PluginVersion next, CancellationToken cancellationToken)
    {
        DriverGeneration[] all = [.. old.Generations, .. next.Generations];
        _runtime.Registry.Close(all);
        try
        {
            await DrainAsync(old, cancellationToken);
            foreach (var generation in next.Generations)
            {
                generation.IsLive = true;
                await TakeOverAsync(generation, cancellationToken);
            }
        }
        catch
        {
            _runtime.Registry.Open(old.Generations);
            _runtime.Registry.Empty(next.Generations, $"a new version of plugin '{Id}' offered it, but did not come in");
            throw;
        }
    }

    private async Task DrainAsync(PluginVersion old, CancellationToken cancellationToken)
    {
        var time = _runtime.Settings.Options.DrainTime;
        try
        {
            await Task.WhenAll(old.Generations.Select(generation => generation.DrainedAsync())).WaitAsync(time, _runtime.TimeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new PluginLoadException(
                $"{old.Generations.Sum(generation => generation.Rents)} calls into the old version still run after "
                    + $"{time.TotalSeconds:0.###} s; it is tried again later", isPassing: true);
        }
    }

    private async Task TakeOverAsync(DriverGeneration generation, CancellationToken cancellationToken)
    {
        var time = _runtime.Settings.TakeoverTime();
        using var deadline = new CancellationTokenSource(time, _runtime.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _runtime.Registry.TakeOverAsync(generation.Driver!, both.Token).WaitAsync(both.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The boundary to the engine and, through it, to the new driver.
            var what = exception is OperationCanceledException ? $"took longer than {time.TotalSeconds:0.###} s" : $"failed: {exception.Message}";
            throw new PluginLoadException($"handing what runs to the new {generation.Key} {what}", exception.ToString(), isPassing: true);
        }
    }

    private void Tell(PluginVersion? old, PluginVersion next)
    {
        var version = next.Package.Manifest.Version;
        if (old is null)
        {
            _runtime.Events.Record(
                PluginEvents.Loaded, EventSeverity.Info, Id, $"Plugin '{Id}' {version} is loaded: "
                    + $"{string.Join(", ", next.Offers)}.", version, next.Package.AssemblySha256);
            return;
        }

        var oldVersion = old.Package.Manifest.Version;
        _runtime.Metrics.Swapped(worked: true);
        _runtime.Events.Record(
            PluginEvents.Swapped, EventSeverity.Info, Id, $"Plugin '{Id}' was swapped: {oldVersion} for {version}.", version, next.Package.AssemblySha256);
    }
}
