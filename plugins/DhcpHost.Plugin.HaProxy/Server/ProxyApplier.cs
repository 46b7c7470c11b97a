using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.HaProxy.Configuration;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Makes a proxy as its plan says.</summary>
internal sealed class ProxyApplier(
    HaProxyOptions options, string state, ProxyBinary binary, ProxyFinder finder, ServerTable table, ProxyStarter starter, ILogger logger)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What has to be done, and why.</summary>
    public (ApplyAction Action, string[] Reasons, string Text) Decide(MetadataPlan plan, ProxyPlace place, RunningServer? running, DriverHandle? handle)
    {
        var paths = ProxyPaths.Of(state, plan.Server);
        var text = new ConfigurationWriter(options, ProxyAccount.Find(options)).Write(plan, paths, place.HasIPv6);
        if (running is null or { IsStopping: true })
        {
            return (ApplyAction.Started, ["no proxy ran"], text);
        }

        // The file says what a proxy read, unless an apply was interrupted between the two: the handle knows better, where it is this process'.
        var known = HandleState.Read(handle) is { } its && its.Identity == running.Identity ? its : null;
        return (place.Has(running.Identity.Pid), known) switch
        {
            (false, _) => (ApplyAction.Restarted, ["it runs in another namespace"], text),
            (_, { Link: > 0 } before) when before.Link != place.Link && place.HasIPv6 => (ApplyAction.Restarted, ["its interface is another one"], text),
            _ when !ConfigurationWriter.AreEqual(TryRead(paths.Config), text) => (ApplyAction.Restarted, ["its configuration changed"], text),
            (_, { Config: { } read }) when !ConfigurationWriter.AreEqual(read, text) =>
                (ApplyAction.Restarted, ["its configuration was written, but not yet read"], text),
            _ => (ApplyAction.Unchanged, [], text),
        };
    }

    public async Task<(RunningServer Proxy, ApplyAction Action, string[] Reasons, string Text)> ApplyAsync(
        MetadataPlan plan, ProxyPlace place, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var (running, others) = finder.Find(plan.Server, handle);
        foreach (var other in others)
        {
            await EndAsync(plan.Server, other, cancellationToken);
        }

        if (running is { IsStopping: true })
        {
            // A stop that was cancelled half-way is finished.
            await running.StopAsync(options.StopTimeout, cancellationToken, ProcessSignal.User1);
            table.Forget(running);
            running = null;
        }

        var (action, reasons, text) = Decide(plan, place, running, handle);
        if (action == ApplyAction.Unchanged)
        {
            // Where the host may not do that, they hold from its next start on.
            _ = running!.Process.Limit(ProcessLimits.Of(plan.Limits));
            return (running!, action, reasons, text);
        }

        var process = await StartAsync(plan, place, text, cancellationToken);
        if (running is not null)
        {
            // Both have the address for a moment, so that nobody finds it closed. No token: two are not left running.
            await running.StopAsync(options.StopTimeout, CancellationToken.None, ProcessSignal.User1);
            table.Forget(running);
        }

        return (table.Add(plan.Server, process), action, reasons, text);
    }

    /// <summary>The text of a file; <c>null</c> where there is none.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<ServerProcess> StartAsync(MetadataPlan plan, ProxyPlace place, string text, CancellationToken cancellationToken)
    {
        var paths = ProxyPaths.Of(state, plan.Server);
        _ = PrivateDirectory.Ensure(ProxyPaths.DirectoryOf(state), (UnixFileMode)options.DirectoryMode);
        if (plan.Server.SegmentId is not null)
        {
            _ = PrivateDirectory.Ensure(paths.Directory, (UnixFileMode)options.DirectoryMode);
        }

        var before = TryRead(paths.Config);
        try
        {
            _ = AtomicFile.WriteIfChanged(paths.Trial, Encoding.UTF8.GetBytes(text), FileMode);
            await binary.TestAsync(paths.Trial, cancellationToken);
        }
        finally
        {
            File.Delete(paths.Trial);
        }

        _ = AtomicFile.WriteIfChanged(paths.Config, Encoding.UTF8.GetBytes(text), FileMode);
        try
        {
            return await starter.StartAsync(place, paths, plan.Limits, cancellationToken);
        }
        catch
        {
            // What runs on has read the old one.
            if (before is not null)
            {
                _ = AtomicFile.WriteIfChanged(paths.Config, Encoding.UTF8.GetBytes(before), FileMode);
            }

            throw;
        }
    }

    private async Task EndAsync(ServerKey key, ProcessIdentity identity, CancellationToken cancellationToken)
    {
        Log.EndingSuperfluous(logger, key, identity.Pid);
        using var other = table.AdoptApart(identity);
        if (other is not null)
        {
            _ = await other.TerminateAsync(options.StopTimeout, cancellationToken, ProcessSignal.User1);
        }
    }
}
