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

    /// <summary>Decides for the way that clients notice least.</summary>
    public static FamilyPlan? Decide(KeaFamily family, string? wanted, RunningServer? running, bool isInNamespace, AppliedState? applied, string? onDisk)
    {
        if (wanted is null)
        {
            return running is null ? null : new(family, null, running, null, [$"{family} has nothing to serve any more"]);
        }

        if (running is null)
        {
            return new(family, wanted, null, ApplyAction.Started, [$"no {family} ran"]);
        }

        if (!isInNamespace)
        {
            return new(family, wanted, running, ApplyAction.Restarted, [$"{family} runs in another namespace"]);
        }

        var reason = applied?.Digest != AppliedState.DigestOf(wanted)
            ? onDisk == wanted ? $"{family}'s configuration was written, but not yet read" : $"{family}'s configuration changed"
            : onDisk != wanted ? $"{family}'s configuration file was changed or is gone" : null;
        return new(family, wanted, running, reason is null ? ApplyAction.Unchanged : ApplyAction.Reloaded, reason is null ? [] : [reason]);
    }
}
