using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DhcpHost.Http.Metrics;

/// <summary>The process, by the names that dashboards of Prometheus know.</summary>
internal sealed class ProcessMeter : IDisposable
{
    public const string Name = "DhcpHost.Process";

    private readonly Meter _meter = new(Name);

    public ProcessMeter(string version)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime);
        _ = _meter.CreateObservableGauge(
            "process_start_time", () => started.ToUnixTimeMilliseconds() / 1000.0, "s", "When the process was started, in seconds since 1970.");
        _ = _meter.CreateObservableGauge("process_resident_memory", () => Environment.WorkingSet, "By", "Memory of the process in RAM.");
        _ = _meter.CreateObservableGauge("process_open_fds", OpenFiles, null, "Open files of the process.");
        _ = _meter.CreateObservableGauge(
            "dhcphost_build_info", () =>
                new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)), null, "Always 1; the label is the host's version.");
    }

    public void Dispose() => _meter.Dispose();

    private static int OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : 0;
}
