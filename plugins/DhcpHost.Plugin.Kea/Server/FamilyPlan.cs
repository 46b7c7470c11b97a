using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>What has to be done with one of a network's two servers, and why.</summary>
/// <param name="Family">Which.</param>
/// <param name="Wanted">The configuration that it should run by; <c>null</c> where it should not run.</param>
/// <param name="Running">What runs; <c>null</c> for nothing.</param>
/// <param name="Action">What to do; <c>null</c> to end what runs.</param>
/// <param name="Reasons">Why that and nothing less.</param>
internal sealed record FamilyPlan(KeaFamily Family, string? Wanted, RunningServer? Running, ApplyAction? Action, IReadOnlyList<string> Reasons)
{
    /// <summary>As the network's clients see it.</summary>
    public ApplyAction Effect => Action ?? ApplyAction.Reloaded;

    /// <summary>Whether what runs can be asked by its control socket.</summary>
    public required bool HasSocket { get; init; }

    /// <summary>Whether a process is started.</summary>
    public bool IsStart => Action is ApplyAction.Started or ApplyAction.Restarted;

    /// <summary>Decides for the way that clients notice least.</summary>
    public static FamilyPlan? Decide(
        KeaFamily family, string? wanted, RunningServer? running, bool isInNamespace, bool hasSocket, AppliedState? applied, string? onDisk)
    {
        FamilyPlan Plan(ApplyAction? action, params IReadOnlyList<string> reasons) => new(family, wanted, running, action, reasons) { HasSocket = hasSocket };
        if (wanted is null)
        {
            return running is null ? null : Plan(null, $"{family} has nothing to serve any more");
        }

        if (running is null)
        {
            return Plan(ApplyAction.Started, $"no {family} ran");
        }

        if (!isInNamespace)
        {
            return Plan(ApplyAction.Restarted, $"{family} runs in another namespace");
        }

        if (!hasSocket)
        {
            return Plan(ApplyAction.Restarted, $"{family}'s control socket is gone, or was moved");
        }

        var reason = applied?.Digest != AppliedState.DigestOf(wanted)
            ? onDisk == wanted ? $"{family}'s configuration was written, but not yet read" : $"{family}'s configuration changed"
            : onDisk != wanted ? $"{family}'s configuration file was changed or is gone" : null;
        return reason is null ? Plan(ApplyAction.Unchanged) : Plan(ApplyAction.Reloaded, reason);
    }
}
