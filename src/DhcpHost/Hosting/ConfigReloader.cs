using System.Diagnostics.Metrics;
using System.Text.Json;
using DhcpHost.Abstractions.Status;
using DhcpHost.Configuration;
using DhcpHost.Linux.Systemd;
using DhcpHost.Logging;

namespace DhcpHost.Hosting;

/// <summary>Takes over a changed <c>host.toml</c>: what can be, at once; the rest is said to wait. One that is wrong changes nothing.</summary>
internal sealed partial class ConfigReloader : IDisposable
{
    private readonly LiveConfig _live;
    private readonly ConfigLoader _loader;
    private readonly HostParts _parts;
    private readonly HostLogging _logging;
    private readonly SystemdNotifier _notifier;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("DhcpHost");
    private readonly Counter<long> _reloads;

    public ConfigReloader(LiveConfig live, ConfigLoader loader, HostParts parts, HostLogging logging, SystemdNotifier notifier, TimeProvider time)
    {
        (_live, _loader, _parts, _logging, _notifier, _time) = (live, loader, parts, logging, notifier, time);
        _logger = logging.Factory.CreateLogger<ConfigReloader>();
        _reloads = _meter.CreateCounter<long>("dhcphost_config_reloads_total", description: "Reloads of host.toml by result.");
        _meter.CreateObservableGauge(
            "dhcphost_config_last_reload_successful",
            () => _live.Problem is null ? 1 : 0,
            description: "Whether the host.toml that was read last is in force: 1 or 0.");
    }

    /// <summary>Tells zeros, so that the counter is there before the first reload. To be called when those who collect listen.</summary>
    public void Announce()
    {
        _reloads.Add(0, ResultOf(isSuccess: true));
        _reloads.Add(0, ResultOf(isSuccess: false));
    }

    /// <summary>Reads everything of the operator's anew: <c>host.toml</c>, the scripts, the plugins' folders.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        _notifier.Reloading("reloading");
        var result = await _loader.LoadAsync(_live.Started.Path, cancellationToken);
        IReadOnlyList<string> errors = result.Succeeded ? await _parts.Plugins.FindProblemsAsync(result.Loaded.PluginTables, cancellationToken) : result.Errors;
        var message = result.Succeeded && errors.Count == 0 ? await ApplyAsync(result.Loaded, cancellationToken) : Refuse(errors);
        _notifier.Ready(message);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> ResultOf(bool isSuccess) => new("result", isSuccess ? "taken" : "refused");

    private string Refuse(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
        {
            LogError(error);
        }

        var message = $"host.toml was not taken over, the old one stays in force: {errors[0]}{(errors.Count > 1 ? $" (and {errors.Count - 1} more)" : "")}";
        Finish(isSuccess: false, EventSeverity.Error, "config.refused", message, JsonSerializer.Serialize(errors));
        return message;
    }

    private async Task<string> ApplyAsync(LoadedConfig next, CancellationToken cancellationToken)
    {
        var before = _live.Current;
        var diff = ConfigDiff.Between(before, next);
        _live.Current = next;
        var applied = new List<string>();
        if (diff.Has("logging"))
        {
            _logging.Apply(next.Config.Logging);
            applied.Add("logging");
        }

        if (diff.Has("limits") || diff.Has("defaults"))
        {
            _parts.Engine.Reconfigure(next.Config.Defaults, next.Config.Limits);
            applied.AddRange(diff.Tables.Where(table => table is "limits" or "defaults").Order(StringComparer.Ordinal));
        }

        if (diff.Has("jobs"))
        {
            var jobs = await _parts.Jobs.ApplyAsync(next.Jobs, cancellationToken);
            applied.Add($"jobs ({(jobs.Count == 0 ? "none differs" : string.Join(", ", jobs))})");
        }

        if (diff.Has("drivers"))
        {
            await _parts.Plugins.ReconfigureAsync(next.PluginTables, cancellationToken);
            applied.Add("drivers");
        }

        var refused = diff.Has("drivers") ? _parts.Plugins.Plugins.Where(plugin => plugin.Refused is not null).ToList() : [];

        // Files may have changed beside host.toml; whoever sends SIGHUP does not want to wait for the next look.
        await _parts.Plugins.RescanAsync(cancellationToken);
        await _parts.Scripts.ReloadAsync(cancellationToken);
        var waiting = ConfigDiff.Between(_live.Started, next).NeedRestart;
        var message = diff.IsEmpty && waiting.Count == 0
            ? "host.toml was read anew: nothing in it changed"
            : $"host.toml was taken over: {(applied.Count == 0 ? "nothing to change now" : $"in force: {string.Join(", ", applied)}")}"
                + (waiting.Count == 0 ? "" : $"; at the next start: {string.Join(", ", waiting)}")
                + string.Concat(refused.Select(plugin => $"; but not for plugin {plugin.Id}: {plugin.Refused}"));
        Finish(isSuccess: true, waiting.Count + refused.Count == 0 ? EventSeverity.Info : EventSeverity.Warning, "config.reloaded", message, details: null);
        return message;
    }

    private void Finish(bool isSuccess, EventSeverity severity, string kind, string message, string? details)
    {
        _live.Problem = isSuccess ? null : message;
        _reloads.Add(1, ResultOf(isSuccess));
        _parts.Events.Record(new() { Time = _time.GetUtcNow(), Severity = severity, Kind = kind, Message = message, Details = details });
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "{Error}")]
    private partial void LogError(string error);
}
