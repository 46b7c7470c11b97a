using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Policies;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Reconciling;

/// <summary>Asks the site's policies about a network, and records every decision that changes something, with what it was made of.</summary>
internal sealed class Decisions(IPolicies policies, IDriverRegistry registry, EventLog events, EngineMetrics metrics)
{
    public AdmitDecision Admit(NetworkRuntime runtime, NetworkSnapshot snapshot, int served)
    {
        var answer = policies.AdmitNetwork(new() { Network = snapshot.Network, Source = snapshot.Source, ServedNetworks = served });
        Count("admit-network", answer.Problem);
        var isNews = runtime.Settled?.Phase != NetworkPhase.Refused || runtime.Settled.Message != answer.Value.Reason;
        if (!answer.Value.IsAdmitted && isNews)
        {
            Record(
                snapshot.Network.Id,
                "admit-network",
                answer.Origin,
                $"not served: {answer.Value.Reason}",
                new { served_networks = served, source = snapshot.Source });
        }

        return answer.Value;
    }

    /// <summary>Asks which drivers serve a network. For a new one, where nothing is served yet, all drivers that there are have to be known.</summary>
    public async ValueTask<DriverSelection> SelectAsync(
        NetworkRuntime runtime, Network network, EngineSettings settings, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            await registry.CompleteAsync(cancellationToken);
        }

        var standing = new DriverSelection
        {
            Interface = network.InterfaceDriver ?? settings.Drivers.Interface,
            Dhcp = network.DhcpDriver ?? settings.Drivers.Dhcp,
            Metadata = settings.Drivers.Metadata,
        };
        var drivers = registry.Drivers;
        var answer = policies.SelectDriver(new()
        {
            Network = network,
            Default = standing,
            Current = runtime.Selection,
            InterfaceDrivers = Healthy(drivers, DriverKind.Interface),
            DhcpDrivers = Healthy(drivers, DriverKind.Dhcp),
            MetadataDrivers = Healthy(drivers, DriverKind.Metadata),
        });
        Count("select-driver", answer.Problem);
        if (answer.Value != (runtime.Selection ?? standing))
        {
            Record(
                network.Id,
                "select-driver",
                answer.Origin,
                $"interface {answer.Value.Interface}, dhcp {answer.Value.Dhcp}, metadata {answer.Value.Metadata?.Value ?? "none"}",
                new { @default = standing, current = runtime.Selection });
        }

        runtime.Selection = answer.Value;
        if (!IsKnown(answer.Value))
        {
            // What a driver can do decides what it is told.
            await registry.CompleteAsync(cancellationToken);
        }

        return answer.Value;
    }

    public ServerOptions Options(NetworkRuntime runtime, Network network, EngineSettings settings)
    {
        var answer = policies.ServerOptions(new() { Network = network, Default = settings.Server });
        Count("server-options", answer.Problem);
        if (answer.Value != (runtime.Options ?? settings.Server))
        {
            Record(
                network.Id,
                "server-options",
                answer.Origin,
                "server options changed",
                new { before = runtime.Options ?? settings.Server, after = answer.Value });
        }

        runtime.Options = answer.Value;
        return answer.Value;
    }

    /// <summary>What instances are told, where the network's metadata driver serves documents.</summary>
    public EquatableArray<InstanceMetadata> Instances(SegmentRuntime segment, DriverId driver, Network network, PortId hostPort) =>
        InstanceTable.IsWanted(registry, driver) ? segment.Instances.Decide(network, hostPort, policies, problem => Count("instance-metadata", problem)) : [];

    /// <summary>Why a driver cannot be given a network that another one serves; <c>null</c> where it can.</summary>
    public string? FindFault(DriverKind kind, DriverId id) =>
        registry.Drivers.FirstOrDefault(driver => driver.Kind == kind && driver.Info.Id == id) is not { } found ? "it is not loaded"
        : found.Health.IsHealthy ? null
        : found.Health.Message;

    /// <summary>Counts a call that the newest script did not decide.</summary>
    public void Count(string policy, string? problem)
    {
        if (problem is not null)
        {
            metrics.PolicyProblems.Add(1, new KeyValuePair<string, object?>("policy", policy));
        }
    }

    private bool IsKnown(DriverSelection selection)
    {
        var drivers = registry.Drivers;
        bool Has(DriverKind kind, DriverId id) => drivers.Any(driver => driver.Kind == kind && driver.Info.Id == id);
        return Has(DriverKind.Interface, selection.Interface)
            && Has(DriverKind.Dhcp, selection.Dhcp)
            && (selection.Metadata is not { } metadata || Has(DriverKind.Metadata, metadata));
    }

    private static EquatableArray<DriverId> Healthy(IReadOnlyList<RegisteredDriver> drivers, DriverKind kind) =>
        drivers.Where(driver => driver.Kind == kind && driver.Health.IsHealthy).Select(driver => driver.Info.Id).ToEquatableArray();

    private void Record(NetworkId id, string policy, string origin, string message, object input)
    {
        if (!policies.RecordsDecisions)
        {
            events.Record(
                EventSeverity.Info,
                "policy.decided",
                id,
                $"{policy} ({origin}): {message}",
                JsonSerializer.Serialize(new { policy, origin, input }, ModelJson.Options));
        }
    }
}
