using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Makes a server as its plan says.</summary>
internal sealed class ServerApplier(
    DnsmasqOptions options,
    BinaryProbe binaries,
    ServerFiles files,
    ServerFinder finder,
    ServerTable table,
    ServerStarter starter,
    LeaseReleaser releaser,
    NetworkNamespaces namespaces,
    ILogger logger)
{
    public async Task<(RunningServer Server, ServerChange Change, EquatableArray<Refusal> Refusals)> ApplyAsync(
        DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var binary = await binaries.FindAsync(cancellationToken);
        var paths = files.Of(plan.Server);
        var writer = new ConfigurationWriter(plan, options);
        var wanted = writer.Write(paths);
        using var ns = namespaces.TryOpen(plan.Interface.Namespace)
            ?? throw new DhcpHostException(
                FailureKind.Conflict, $"The namespace {plan.Interface.Namespace} is not there; the interface driver has to make it first.");

        var (running, others, objection) = finder.Find(plan.Server, handle);
        if (objection is not null)
        {
            throw new DhcpHostException(FailureKind.Conflict, $"Network {plan.Server} cannot be served: {objection}.");
        }

        foreach (var other in others)
        {
            await EndAsync(plan.Server, other, cancellationToken);
        }

        if (running is { IsStopping: true })
        {
            // A stop that was cancelled half-way is finished: the server has its signal already.
            await running.StopAsync(options.StopTimeout, cancellationToken);
            table.Forget(running);
            running = null;
        }

        var facts = running is null ? null : ReadFacts(running, paths, ns, binary);
        var change = facts is null ? ChangeDecision.Start : ChangeDecision.Decide(wanted, facts);
        if (change is { Action: ApplyAction.Restarted, ChangesArguments: true }
            && await starter.TestAsync(ns, binary, wanted.Arguments, cancellationToken) is { } fault)
        {
            throw new DhcpHostException(FailureKind.Invalid, $"dnsmasq refuses its new command line, so the server runs on with the old one: {fault}");
        }

        files.Prepare(plan.Server);
        switch (change.Action)
        {
            case ApplyAction.Unchanged:
                files.Write(paths, wanted, plan.Interface.Device);
                break;
            case ApplyAction.Reloaded:
                await ReleaseStaleAsync(plan, paths, facts!.Hosts ?? "", cancellationToken);
                files.Write(paths, wanted, plan.Interface.Device);
                if (!running!.Process.Signal(ProcessSignal.Hangup))
                {
                    throw new DhcpHostException(FailureKind.Transient, $"dnsmasq, pid {running.Identity.Pid}, ended while it was to be reloaded.");
                }

                break;
            default:
                running = await StartAsync(plan, ns, binary, paths, writer, wanted, running, cancellationToken);
                break;
        }

        if (change.Action is ApplyAction.Unchanged or ApplyAction.Reloaded)
        {
            // Where the host may not do that, they hold from its next start on.
            _ = running!.Process.Limit(ProcessLimits.Of(plan.Limits));
        }

        var version = change.Action is ApplyAction.Started or ApplyAction.Restarted
            ? binary.Version
            : ServerFiles.ReadApplied(paths)?.BinaryVersion ?? binary.Version;
        files.WriteApplied(paths, AppliedState.Of(running!.Identity, version, wanted, writer.GivesEndlessLeases, plan.Interface));
        return (running, change, wanted.Refusals);
    }

    public async Task<(ServerChange Change, DnsmasqConfiguration Wanted)> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var binary = await binaries.FindAsync(cancellationToken);
        var paths = files.Of(plan.Server);
        var wanted = new ConfigurationWriter(plan, options).Write(paths);
        using var ns = namespaces.TryOpen(plan.Interface.Namespace);
        var change = finder.Find(plan.Server, handle).Server is { } running
            ? ChangeDecision.Decide(wanted, ReadFacts(running, paths, ns, binary))
            : ChangeDecision.Start;
        return (change, wanted);
    }

    private ServerFacts ReadFacts(RunningServer running, ServerPaths paths, NetworkNamespace? ns, DnsmasqBinary binary)
    {
        var applied = ServerFiles.ReadApplied(paths);
        return new()
        {
            Arguments = CommandLines.TryRead(running.Identity.Pid) ?? [],
            IsInNamespace = ns is not null && AgentServers.IsIn(running.Identity.Pid, ns),
            CanReadFiles = AgentServers.FindUser(running.Identity.Pid) is not { } user || files.MayRead(user),
            Applied = applied?.Identity == running.Identity ? applied : null,
            Binary = binary,
            Hosts = ServerFiles.TryRead(paths.Hosts),
            AddnHosts = ServerFiles.TryRead(paths.AddnHosts),
            Opts = ServerFiles.TryRead(paths.Opts),
        };
    }

    private async Task<RunningServer> StartAsync(
        DhcpPlan plan,
        NetworkNamespace ns,
        DnsmasqBinary binary,
        ServerPaths paths,
        ConfigurationWriter writer,
        DnsmasqConfiguration wanted,
        RunningServer? before,
        CancellationToken cancellationToken)
    {
        // Written before the old server ends: nobody is served in between.
        files.Write(paths, wanted, plan.Interface.Device);
        if (before is not null)
        {
            ServerFiles.Rehearse(paths);
            await before.StopAsync(options.StopTimeout, cancellationToken);
            table.Forget(before);
        }

        // Only now: the old server wrote it until its end.
        var leases = ServerFiles.TryRead(paths.Leases);
        leases = before is null && plan.InheritedLeases is { } inherited ? LeasesFile.Replace(leases, inherited) : leases;
        leases = plan.Network.Subnets.Any(subnet => subnet is { EnableDhcp: true, IpVersion: 6 })
            ? LeasesFile.WithDuid(leases, plan.Interface.MacAddress)
            : leases;
        _ = files.Write(paths.Leases, writer.WriteLeases(leases));
        var process = await starter.StartAsync(ns, plan.Server, binary, files.Account, paths, wanted.Arguments, plan.Limits, cancellationToken);
        return table.Add(plan.Server, process);
    }

    private async Task ReleaseStaleAsync(DhcpPlan plan, ServerPaths paths, string oldHosts, CancellationToken cancellationToken)
    {
        var stale = StaleLeases.Find(LeasesFile.Parse(ServerFiles.TryRead(paths.Leases) ?? ""), plan.Network, oldHosts);
        if (stale.Count == 0)
        {
            return;
        }

        IReadOnlyList<LeaseRow> left;
        try
        {
            IPAddress[] servers = [.. plan.Interface.Addresses.Select(address => address.Address)];
            left = await releaser.ReleaseAsync(paths, plan.Interface.Namespace, plan.Interface.Device, servers, stale, cancellationToken);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            // As in Neutron: a lease that stays until it ends is no reason to leave the rest unserved.
            Log.ReleaseFailed(logger, plan.Server, e.Message);
            return;
        }

        if (left.Count > 0)
        {
            Log.NotReleased(logger, plan.Server, string.Join(", ", left.Select(lease => lease.Address)));
        }
    }

    private async Task EndAsync(ServerKey key, ProcessIdentity identity, CancellationToken cancellationToken)
    {
        Log.EndingSuperfluous(logger, key, identity.Pid);
        using var other = table.AdoptApart(identity);
        if (other is not null)
        {
            _ = await other.TerminateAsync(options.StopTimeout, cancellationToken);
        }
    }
}
