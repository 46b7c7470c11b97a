using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Control;
using DhcpHost.Plugin.Kea.Leases;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Makes a network's servers as its plan says.</summary>
internal sealed class ServerApplier(
    KeaOptions options,
    BinaryProbe binaries,
    ServerFiles files,
    ServerFinder finder,
    ServerTables tables,
    ServerStarter starter,
    LeaseKeeper leases,
    NetworkNamespaces namespaces,
    TimeProvider timeProvider,
    ILogger logger)
{
    public async Task<(IReadOnlyList<FamilyPlan> Done, EquatableArray<Refusal> Refusals)> ApplyAsync(
        DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        using var ns = namespaces.TryOpen(plan.Interface.Namespace)
            ?? throw new DhcpHostException(
                FailureKind.Conflict, $"The namespace {plan.Interface.Namespace} is not there; the interface driver has to make it first.");
        var wanted = await WriteAsync(plan, cancellationToken);
        foreach (var family in KeaFamily.All)
        {
            await TidyAsync(plan.Server, family, handle, cancellationToken);
        }

        var steps = Decide(plan, handle, wanted, ns);

        // Both say that they could, before either does.
        foreach (var step in steps.Where(step => step is { Running: not null, HasSocket: true, Action: ApplyAction.Reloaded or ApplyAction.Restarted }))
        {
            await TestAsync(plan.Server, step, cancellationToken);
        }

        var account = steps.Any(step => step.IsStart) ? files.FindAccount() : null;
        if (steps.Any(step => step.Action != ApplyAction.Unchanged))
        {
            files.Prepare(plan.Server, FindOwner(account, steps));
        }

        // Leases that were given elsewhere are for a network of which nothing runs here yet.
        var inherited = steps.All(step => step.Running is null) ? plan.InheritedLeases : null;
        foreach (var step in steps)
        {
            await DoAsync(plan, step, ns, account, inherited, cancellationToken);
            if (step.Action is ApplyAction.Unchanged or ApplyAction.Reloaded)
            {
                // Where the host may not do that, they hold from its next start on.
                _ = step.Running?.Process.Limit(ProcessLimits.Of(plan.Limits));
            }
        }

        return (steps, wanted.Refusals);
    }

    public async Task<(IReadOnlyList<FamilyPlan> Steps, KeaConfiguration Wanted)> PreviewAsync(
        DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        using var ns = namespaces.TryOpen(plan.Interface.Namespace);
        var wanted = await WriteAsync(plan, cancellationToken);
        return (Decide(plan, handle, wanted, ns), wanted);
    }

    private async Task<KeaConfiguration> WriteAsync(DhcpPlan plan, CancellationToken cancellationToken)
    {
        var binary = await binaries.FindAsync(KeaFamily.V4, cancellationToken);
        return new ConfigurationWriter(plan, options, files.Of(plan.Server), binary.LeaseCommands).Write();
    }

    private List<FamilyPlan> Decide(DhcpPlan plan, DriverHandle? handle, KeaConfiguration wanted, NetworkNamespace? ns)
    {
        var paths = files.Of(plan.Server);
        var steps = new List<FamilyPlan>();
        foreach (var family in KeaFamily.All)
        {
            var running = finder.Find(plan.Server, family, handle).Server;
            var applied = running is null ? null : ServerFiles.ReadApplied(paths, family, running.Identity);
            var isInNamespace = running is not null && ns is not null && IsIn(running.Identity.Pid, ns);
            var hasSocket = File.Exists(paths.Socket(family));
            if (FamilyPlan.Decide(family, wanted.Of(family), running, isInNamespace, hasSocket, applied, ServerFiles.TryRead(paths.Config(family))) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    /// <summary>Who needs the files: the account of the servers that are started, or else of those that run. Root needs none of its own.</summary>
    private static FileOwner FindOwner(ServerAccount? account, List<FamilyPlan> steps) =>
        steps.Select(step => step.Running is { } running ? FileOwner.Of($"/proc/{running.Identity.Pid}") : null)
            .Prepend(account?.Owner)
            .FirstOrDefault(owner => owner is { } found && found.UserId != FileOwner.Root.UserId) ?? FileOwner.Root;

    /// <summary>Ends what an interrupted apply left: second servers, and one whose end was begun.</summary>
    private async Task TidyAsync(ServerKey key, KeaFamily family, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var (running, others) = finder.Find(key, family, handle);
        foreach (var identity in others)
        {
            Log.EndingSuperfluous(logger, key, identity.Pid, family.Program);
            using var other = tables.Of(family).AdoptApart(identity);
            if (other is not null)
            {
                _ = await other.TerminateAsync(options.StopTimeout, cancellationToken);
            }
        }

        if (running is { IsStopping: true })
        {
            await EndAsync(running, family, cancellationToken);
        }
    }

    private async Task TestAsync(ServerKey key, FamilyPlan step, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(key, step, "config-test", cancellationToken);
        if (!answer.IsSuccess)
        {
            throw new DhcpHostException(
                FailureKind.Invalid, $"{step.Family} refuses its new configuration, so the server runs on with the old one: {answer.Text}");
        }
    }

    private Task<ControlAnswer> SendAsync(ServerKey key, FamilyPlan step, string command, CancellationToken cancellationToken) =>
        ControlChannel.SendAsync(files.Of(key).Socket(step.Family), command, step.Wanted, options.CommandTimeout, timeProvider, cancellationToken);

    private async Task DoAsync(
        DhcpPlan plan, FamilyPlan step, NetworkNamespace ns, ServerAccount? account, EquatableArray<Lease>? inherited, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case null:
                await EndAsync(step.Running!, step.Family, cancellationToken);
                DeleteConfiguration(plan.Server, step.Family);
                break;
            case ApplyAction.Unchanged:
                break;
            case ApplyAction.Reloaded:
                await SetAsync(plan, step, cancellationToken);
                await ReleaseStaleAsync(plan, step.Family, cancellationToken);
                break;
            default:
                await StartAsync(plan, step, ns, account!, inherited, cancellationToken);
                break;
        }
    }

    private async Task SetAsync(DhcpPlan plan, FamilyPlan step, CancellationToken cancellationToken)
    {
        var paths = files.Of(plan.Server);
        var identity = step.Running!.Identity;
        var version = ServerFiles.ReadApplied(paths, step.Family, identity)?.BinaryVersion ?? "unknown";

        // Until it is done, nobody can say by what it runs.
        ServerFiles.WriteApplied(paths, step.Family, new(AppliedState.CurrentVersion, identity, version, ""));
        var answer = await SendAsync(plan.Server, step, "config-set", cancellationToken);
        if (!answer.IsSuccess)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{step.Family} did not take its new configuration: {answer.Text}");
        }

        _ = ServerFiles.Write(paths.Config(step.Family), step.Wanted!);
        await starter.CheckSocketsAsync(paths, step.Family, cancellationToken);
        ServerFiles.WriteApplied(paths, step.Family, new(AppliedState.CurrentVersion, identity, version, AppliedState.DigestOf(step.Wanted!)));
    }

    private async Task StartAsync(
        DhcpPlan plan, FamilyPlan step, NetworkNamespace ns, ServerAccount account, EquatableArray<Lease>? inherited, CancellationToken cancellationToken)
    {
        var paths = files.Of(plan.Server);
        var binary = await binaries.FindAsync(step.Family, cancellationToken);
        _ = ServerFiles.Write(paths.Config(step.Family), step.Wanted!);
        if (step.Running is { } before)
        {
            await EndAsync(before, step.Family, cancellationToken);
        }

        // Only now: the old server wrote them until its end.
        WriteLeases(plan, paths, step.Family, inherited);
        ServerFiles.DeleteOthersLogs(paths, step.Family, account.Owner);
        var process = await starter.StartAsync(ns, binary, account, paths, step.Family, plan.Limits, cancellationToken);
        var running = tables.Of(step.Family).Add(plan.Server, process);
        ServerFiles.WriteApplied(paths, step.Family, new(AppliedState.CurrentVersion, running.Identity, binary.Version, AppliedState.DigestOf(step.Wanted!)));
    }

    private void WriteLeases(DhcpPlan plan, KeaPaths paths, KeaFamily family, EquatableArray<Lease>? inherited)
    {
        var now = timeProvider.GetUtcNow();
        var kept = inherited is { } given
            ? [.. given.Where(lease => (lease.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) == (family == KeaFamily.V6))
                .Select(lease => KeaLease.Of(lease, now)).OfType<KeaLease>()]
            : ServerFiles.ReadLeases(paths, family);
        var current = kept.Where(lease => lease.State != 0 || lease.IsCurrent(now)).ToList();
        ServerFiles.WriteLeases(paths, family, current.Except(StaleLeases.Find(current, plan.Network)));
    }

    private async Task ReleaseStaleAsync(DhcpPlan plan, KeaFamily family, CancellationToken cancellationToken)
    {
        var paths = files.Of(plan.Server);
        try
        {
            foreach (var lease in StaleLeases.Find(await leases.ListAsync(paths, family, isRunning: true, cancellationToken), plan.Network))
            {
                _ = await leases.DeleteAsync(paths, family, lease.Address, cancellationToken);
            }
        }
        catch (DhcpHostException e)
        {
            // A lease that stays until it ends is no reason to leave the rest unserved.
            Log.NotReleased(logger, plan.Server, e.Message);
        }
    }

    private async Task EndAsync(RunningServer server, KeaFamily family, CancellationToken cancellationToken)
    {
        await server.StopAsync(options.StopTimeout, cancellationToken);
        tables.Of(family).Forget(server);
    }

    private void DeleteConfiguration(ServerKey key, KeaFamily family)
    {
        var paths = files.Of(key);
        ServerFiles.DeleteRuntime(paths, family);
        foreach (var file in new[] { paths.Config(family), paths.Applied(family), paths.Output(family), paths.Log(family) })
        {
            File.Delete(file);
        }
    }

    private static bool IsIn(int pid, NetworkNamespace ns)
    {
        try
        {
            using var its = NetworkNamespace.OpenProcess(pid);
            return its.Id == ns.Id;
        }
        catch (Linux.Interop.LinuxException e) when (e.IsGone)
        {
            return false;
        }
    }
}
