using System.Runtime.InteropServices;

namespace DhcpHost.Hosting;

/// <summary>The signals that steer the host: SIGTERM, SIGINT and SIGQUIT stop it, the second of them at once; SIGHUP reloads.</summary>
public sealed class HostSignals : IDisposable
{
    private readonly TaskCompletionSource<string> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _force = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _reload = new(0, 1);
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>Begins to listen.</summary>
    public HostSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, "SIGTERM")),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, "SIGINT")),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => Stop(context, "SIGQUIT")),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload),
    ];

    /// <summary>Completes with the name of the signal that asked for a stop.</summary>
    public Task<string> StopAsked => _stop.Task;

    /// <summary>Completes when a second signal asked for a stop.</summary>
    public Task ForceAsked => _force.Task;

    /// <summary>Waits for a SIGHUP; several while nobody waits are one.</summary>
    public Task WaitForReloadAsync(CancellationToken cancellationToken) => _reload.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _reload.Dispose();
    }

    private void Stop(PosixSignalContext context, string name)
    {
        // Otherwise the runtime ends the process itself.
        context.Cancel = true;
        if (!_stop.TrySetResult(name))
        {
            _force.TrySetResult();
        }
    }

    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_registrations)
        {
            if (_reload.CurrentCount == 0)
            {
                _reload.Release();
            }
        }
    }
}
