using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Plugins.Loading;

namespace DhcpHost.Plugins.Supervision;

/// <content>What happens when the plugin breaks while it runs, and what is left of old versions.</content>
internal sealed partial class PluginSupervisor
{
    private readonly UnloadObserver _unloads;
    private readonly Lock _observationsLock = new();
    private readonly List<Task> _observations = [];

    /// <summary>An exception escaped on a thread of the plugin's own: it is not to be trusted with anybody's network any more.</summary>
    private void OnEscaped(ThreadFailures failures, string exception) => ThreadPool.UnsafeQueueUserWorkItem(
        state => _ = state.Supervisor.DisableAsync(state.failures, state.exception), (Supervisor: this, failures, exception), preferLocal: false);

    private async Task DisableAsync(ThreadFailures failures, string exception)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (_current?.ThreadFailures != failures)
            {
                LogOldEscaped(Id, exception);
                return;
            }

            var reason = ThreadFailures.Describe(exception);
            LogTrace(Id, exception);
            _runtime.Events.Record(PluginEvents.Failed, EventSeverity.Error, Id, $"Plugin '{Id}' failed: {reason}", _current?.Package.Manifest.Version);
            await EndCurrentAsync($"plugin '{Id}' failed: {reason}");
            lock (_statusLock)
            {
                _note = reason;
                Set_NeedsLock(PluginState.Failed, reason);
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>Watches from now on whether a version's code goes.</summary>
    private void Observe(WeakReference context)
    {
        lock (_observationsLock)
        {
            _ = _observations.RemoveAll(observation => observation.IsCompleted);
            _observations.Add(Task.Run(() => ObserveAsync(context)));
        }
    }

    private async Task ObserveAsync(WeakReference context)
    {
        try
        {
            if (!await _unloads.ObserveAsync(context, _stop.Token))
            {
                var count = _unloads.Leaked;
                _runtime.Events.Record(
                    PluginEvents.Leaked, EventSeverity.Warning, Id,
                    $"The code of an old version of plugin '{Id}' stays in memory, {count} in all: the plugin left a timer, "
                    + "a thread or a static reference behind. Restart the host to get the memory back.");
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host ends, and the code with it.
        }
    }

    private Task ObservedAsync()
    {
        lock (_observationsLock)
        {
            return Task.WhenAll(_observations);
        }
    }
}
