using System.Globalization;
using System.Text.Json;
using DhcpHost.Core.Limits;

namespace DhcpHost.Http.Answers;

/// <summary>Lists all hard limits, by their keys in <c>host.toml</c>, with what is in use of them.</summary>
internal static class LimitList
{
    public static IReadOnlyList<LimitUse> Of(ManagementServices services)
    {
        var limits = services.Limits();
        var engine = services.Engine.Status;
        var networks = services.Engine.Networks;
        var used = new Dictionary<string, double>
        {
            [nameof(LimitsOptions.WorkersMax)] = engine.Workers,
            [nameof(LimitsOptions.Networks)] = networks.Count(network => !network.Servers.IsEmpty),
            [nameof(LimitsOptions.Servers)] = engine.Servers,
            [nameof(LimitsOptions.SubnetsPerNetwork)] = networks.Select(network => network.Subnets).DefaultIfEmpty().Max(),
            [nameof(LimitsOptions.PortsPerNetwork)] = networks.Select(network => network.Ports).DefaultIfEmpty().Max(),
            [nameof(LimitsOptions.RetryAttempts)] = networks.Select(network => network.FailedAttempts).DefaultIfEmpty().Max(),
        };

        // By reflection, so that a limit that is added cannot be forgotten here.
        return
        [
            .. typeof(LimitsOptions).GetProperties().Select(property => new LimitUse(
                JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
                property.GetValue(limits) is TimeSpan time ? time.TotalSeconds : Convert.ToDouble(property.GetValue(limits), CultureInfo.InvariantCulture),
                property.PropertyType == typeof(TimeSpan) ? "s" : property.Name.EndsWith("Bytes", StringComparison.Ordinal) ? "bytes" : null,
                used.TryGetValue(property.Name, out var count) ? count : null)),
        ];
    }
}
