using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DhcpHost.Scripting.Tests;

[Collection(nameof(MeasuredAloneCollection))]
public class ScriptMetricsTests
{
    [Fact]
    public async Task Calls_failures_and_compilations_are_measured()
    {
        var values = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "DhcpHost")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            values[instrument.Name + (tags.Length > 0 ? $" {tags[0].Value}" : "")] = value);
        listener.Start();
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", "Decide(c => c.Pending == 99 ? throw new Exception() : 1);");
        await lab.StartAsync();
        _ = lab.PoolSize();
        for (var call = 0; call < 3; call++)
        {
            _ = lab.PoolSize(99);
        }

        listener.RecordObservableInstruments();

        Assert.Equal(4, values["dhcphost.policy.calls pool-size"]);
        Assert.Equal(3, values["dhcphost.policy.failures pool-size"]);
        Assert.Equal(1, values["dhcphost.policy.aside pool-size"]);
        Assert.Equal(0, values["dhcphost.policy.calls admit-network"]);
        Assert.Equal(1, values["dhcphost.script.compilations"]);
    }
}
