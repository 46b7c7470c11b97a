using System.Diagnostics.Metrics;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Policies;

namespace DhcpHost.Scripting;

/// <summary>The scripts' metrics. They are read when somebody asks: a call only counts.</summary>
internal sealed class ScriptMetrics : IDisposable
{
    private readonly Meter _meter = new("DhcpHost");

    public ScriptMetrics(PolicyScripts policies, CachingCompiler cache)
    {
        _ = _meter.CreateObservableCounter("dhcphost.policy.calls", () => Measure(policies, policy => policy.Calls), description: "Policy calls.");
        _ = _meter.CreateObservableCounter(
            "dhcphost.policy.failures", () => Measure(policies, policy => policy.Failures), description: "Policy calls whose script failed.");
        _ = _meter.CreateObservableGauge(
            "dhcphost.policy.aside",
            () => Measure(policies, policy => policy.AsideReason is null ? 0 : 1),
            description: "1 where the policy's script is put aside.");
        _ = _meter.CreateObservableCounter(
            "dhcphost.script.compilations", () => cache.Compiled, description: "Scripts that were compiled, not taken from the cache.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Measure(PolicyScripts policies, Func<IScriptedPolicy, long> read) =>
        policies.All.Select(policy => new Measurement<long>(read(policy), new KeyValuePair<string, object?>("policy", policy.Kind.Id)));
}
