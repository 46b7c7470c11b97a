using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Plugins.Manifests;
using DhcpHost.Plugins.Packages;
using DhcpHost.Plugins.Registry;

namespace DhcpHost.Plugins.Supervision;

/// <content>What people see of it.</content>
internal sealed partial class PluginSupervisor
{
    private readonly Lock _statusLock = new();
    private PluginStatus _status;

    // What is to be said beside the drivers' health: why the folder's version does not run, for one.
    private string? _note;

    public PluginStatus Status
    {
        get
        {
            lock (_statusLock)
            {
                return _status with { Directory = Folder, LeakedContexts = _unloads.Leaked };
            }
        }
    }

    /// <summary>Recomputes the state from the drivers' health. Called by their watches.</summary>
    private void UpdateHealth()
    {
        lock (_statusLock)
        {
            if (_status.State is PluginState.Ready or PluginState.Unhealthy && Volatile.Read(ref _current) is { } current)
            {
                SetHealth_NeedsLock(current);
            }
        }
    }

    /// <summary>Says that it is loaded later in the host's start.</summary>
    public void PutOff()
    {
        lock (_statusLock)
        {
            Set_NeedsLock(PluginState.Discovered, "loaded when what ran before serves again");
        }
    }

    private void SetStarting(PluginPackage package)
    {
        lock (_statusLock)
        {
            _note = null;
            Set_NeedsLock(PluginState.Starting, null);
            _status = _status with { Refused = null, Version = package.Manifest.Version, Sha256 = package.AssemblySha256, Offers = [] };
        }
    }

    private void SetReady(PluginVersion version, bool isSwap)
    {
        lock (_statusLock)
        {
            _note = null;
            _status = _status with
            {
                Refused = null,
                Version = version.Package.Manifest.Version,
                Sha256 = version.Package.AssemblySha256,
                Offers = version.Offers,
                Swaps = _status.Swaps + (isSwap ? 1 : 0),
            };
            SetHealth_NeedsLock(version);
        }
    }

    private void SetDraining(string why)
    {
        lock (_statusLock)
        {
            Set_NeedsLock(PluginState.Draining, why);
            _status = _status with { Refused = null, Offers = [] };
        }
    }

    private void SetNote(PluginManifest manifest, string? note)
    {
        lock (_statusLock)
        {
            _note = note;
            _status = _status with { Refused = null };
            if (_current is not null)
            {
                SetHealth_NeedsLock(_current);
                return;
            }

            Set_NeedsLock(PluginState.Discovered, note);
            _status = _status with { Version = manifest.Version };
        }
    }

    private void Refuse(PluginLoadException exception)
    {
        var current = _current;
        var refused = current is null ? null : $"{(HasOtherOptions(current) ? "the options in host.toml now were" : "what is in the folder now was")} "
            + $"refused: {exception.Message}";
        bool isNews;
        lock (_statusLock)
        {
            var note = current is null ? exception.Message : $"version {current.Package.Manifest.Version} runs on; {refused}";
            isNews = note != _note;
            _note = note;
            _status = _status with { Refused = refused };
            if (current is null)
            {
                Set_NeedsLock(PluginState.Failed, note);
            }
            else
            {
                SetHealth_NeedsLock(current);
            }
        }

        if (isNews)
        {
            TellRefused(current, refused, exception);
        }
    }

    private bool HasOtherOptions(PluginVersion current) => Kind is { } kind && _runtime.Tables.Text(kind, Id) != current.Options;

    private void TellRefused(PluginVersion? current, string? refused, PluginLoadException exception)
    {
        if (exception.Trace is { Length: > 0 } trace)
        {
            LogTrace(Id, trace);
        }

        if (current is null)
        {
            _runtime.Events.Record(PluginEvents.Failed, EventSeverity.Error, Id, $"Plugin '{Id}' failed: {exception.Message}");
            return;
        }

        var version = current.Package.Manifest.Version;
        _runtime.Metrics.Swapped(worked: false);
        _runtime.Events.Record(
            PluginEvents.Failed, EventSeverity.Warning, Id, $"Plugin '{Id}' {version} runs on; {refused}", version);
    }

    private void SetHealth_NeedsLock(PluginVersion version)
    {
        var ill = version.Generations.Where(generation => !generation.Registered.Health.IsHealthy).ToList();
        var told = (ill.Count > 0 ? ill : version.Generations).Select(Describe);
        var message = string.Join("; ", new[] { _note }.Concat(told).Where(part => !string.IsNullOrEmpty(part)));
        Set_NeedsLock(ill.Count > 0 ? PluginState.Unhealthy : PluginState.Ready, message.Length == 0 ? null : message);
    }

    private static string Describe(DriverGeneration generation) => $"{generation.Key.Id}: {generation.Registered.Health.Message}";

    private void Set_NeedsLock(PluginState state, string? message) => _status = _status with
    {
        Message = message,
        Since = state == _status.State ? _status.Since : _runtime.TimeProvider.GetUtcNow(),
        State = state,
    };
}
