using System.Diagnostics.Metrics;
using System.Globalization;
using DhcpHost.Http.Metrics;

namespace DhcpHost.Http.Tests;

public sealed class MetricTests
{
    private readonly string _name = $"test-{Guid.NewGuid()}";

    [Fact]
    public void Instruments_AreWrittenByTheRulesOfPrometheus()
    {
        using var meter = new Meter(_name);
        using var collector = new MetricCollector(name => name == _name);
        meter.CreateCounter<long>(
            "dhcphost.reconciles", "{reconcile}", "Runs, \"all\"\nof them.").Add(2, new KeyValuePair<string, object?>("result", "a\"b\\c\nd"));
        var waiting = meter.CreateUpDownCounter<int>("dhcphost.waiting");
        waiting.Add(3);
        waiting.Add(-1);
        meter.CreateGauge<double>("dhcphost.load").Record(0.5);
        var duration = meter.CreateHistogram("dhcphost.apply.duration", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        duration.Record(0.1);
        duration.Record(0.5);
        duration.Record(7);
        _ = meter.CreateObservableGauge("dhcphost.memory", () => 1024L, "By");
        Assert.Equal(
            """
            # TYPE dhcphost_apply_duration_seconds histogram
            dhcphost_apply_duration_seconds_bucket{le="0.1"} 1
            dhcphost_apply_duration_seconds_bucket{le="1"} 2
            dhcphost_apply_duration_seconds_bucket{le="+Inf"} 3
            dhcphost_apply_duration_seconds_sum 7.6
            dhcphost_apply_duration_seconds_count 3
            # TYPE dhcphost_load gauge
            dhcphost_load 0.5
            # TYPE dhcphost_memory_bytes gauge
            dhcphost_memory_bytes 1024
            # HELP dhcphost_reconciles_total Runs, "all"\nof them.
            # TYPE dhcphost_reconciles_total counter
            dhcphost_reconciles_total{result="a\"b\\c\nd"} 2
            # TYPE dhcphost_waiting gauge
            dhcphost_waiting 2

            """,
            Write(collector));
    }

    [Fact]
    public void Observable_ThatTellsOfALabelNoMore_IsNotWrittenWithIt()
    {
        using var meter = new Meter(_name);
        using var collector = new MetricCollector(name => name == _name);
        string[] phases = ["ready", "retrying"];
        _ = meter.CreateObservableGauge("n", () => phases.Select(phase => new Measurement<int>(1, new KeyValuePair<string, object?>("phase", phase))));
        Assert.Contains("retrying", Write(collector), StringComparison.Ordinal);
        phases = ["ready"];
        Assert.DoesNotContain("retrying", Write(collector), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_WithoutEnd_AreSummedUpInOneSeries()
    {
        using var meter = new Meter(_name);
        using var collector = new MetricCollector(name => name == _name);
        var counter = meter.CreateCounter<int>("n");
        for (var i = 0; i < MetricFamily.MaxSeries + 100; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        Assert.Contains("n_total{otel_metric_overflow=\"true\"} 100\n", Write(collector), StringComparison.Ordinal);
        Assert.Equal(MetricFamily.MaxSeries + 2, Write(collector).Count(c => c == '\n'));
    }

    [Fact]
    public async Task Counter_FromManyThreads_LosesNothing()
    {
        using var meter = new Meter(_name);
        using var collector = new MetricCollector(name => name == _name);
        var counter = meter.CreateCounter<int>("n");
        var histogram = meter.CreateHistogram<double>("h", "s");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("thread", thread % 3));
                histogram.Record(0.001);
            }
        })));
        var lines = Write(collector).Split('\n');
        Assert.Equal(80_000, lines.Where(line => line.StartsWith("n_total{", StringComparison.Ordinal)).Sum(
            line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
        Assert.Contains("h_seconds_count 80000", lines);
    }

    [Fact]
    public void Recording_AllocatesNothing()
    {
        using var meter = new Meter(_name);
        using var collector = new MetricCollector(name => name == _name);
        var counter = meter.CreateCounter<int>("n");
        var histogram = meter.CreateHistogram<double>("h", "s");
        var tag = new KeyValuePair<string, object?>("result", "ok");
        void Record()
        {
            counter.Add(1, tag);
            histogram.Record(0.5, tag);
        }

        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Record();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Endpoint_HasProcessAndRuntimeAndTheHostsOwn()
    {
        await using var fixture = await ServerFixture.StartAsync();
        using var meter = new Meter("DhcpHost");
        meter.CreateCounter<int>("dhcphost.test.things").Add(1);
        var text = await fixture.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        foreach (var name in new[]
        {
            "dhcphost_test_things_total 1", "dhcphost_build_info{version=\"1.2.3\"} 1", "process_start_time_seconds ", "process_open_fds ",
            "process_resident_memory_bytes ",
            "dotnet_process_cpu_time_seconds_total{", "dotnet_gc_collections_total{", "dotnet_thread_pool_thread_count ",
        })
        {
            Assert.True(text.Contains($"\n{name}", StringComparison.Ordinal), $"no {name} in:\n{text}");
        }
    }

    private static string Write(MetricCollector collector)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        collector.Write(writer);
        return writer.ToString();
    }
}
