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

    public void Swapped(bool worked) => _swaps.Add(1, new KeyValuePair<string, object?>("result", worked ? "swapped" : "refused"));

    public void Dispose() => _meter.Dispose();
}
