using System.Diagnostics.Metrics;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Supervision;

/// <summary>What is counted of plugins.</summary>
internal sealed class PluginMetrics : IDisposable
{
    private readonly Meter _meter = new(PluginHost.MeterName);
    private readonly Counter<long> _swaps;

    public PluginMetrics(Func<IReadOnlyList<PluginStatus>> plugins)
    {
        _swaps = _meter.CreateCounter<long>("dhcphost_plugin_swaps", description: "Replaced plugin versions, by result: swapped or refused.");
        _ = _meter.CreateObservableGauge(
            "dhcphost_plugin_contexts_leaked", () => plugins().Sum(plugin => plugin.LeakedContexts),
            description: "Old plugin versions whose code was asked to go, but is still in memory.");
        _ = _meter.CreateObservableGauge(
            "dhcphost_plugins",
            () => Enum.GetValues<PluginState>().Select(state => new Measurement<int>(
                plugins().Count(plugin => plugin.State == state), new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()))),
            description: "Plugins by state.");
    }

    /// <summary>Tells zeros, so that the counter is there before the first time. To be called when those who collect listen.</summary>
    public void Announce()
    {
        _swaps.Add(0, ResultOf(worked: true));
        _swaps.Add(0, ResultOf(worked: false));
    }

    public void Swapped(bool worked) => _swaps.Add(1, ResultOf(worked));

    private static KeyValuePair<string, object?> ResultOf(bool worked) => new("result", worked ? "swapped" : "refused");

    public void Dispose() => _meter.Dispose();
}
