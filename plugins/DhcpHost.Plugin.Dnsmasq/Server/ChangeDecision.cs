using DhcpHost.Abstractions.Drivers;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Decides for the way that clients notice least. See docs/drivers/dnsmasq.md for the table.</summary>
internal static class ChangeDecision
{
    public static ServerChange Start { get; } = new(ApplyAction.Started, ["no server ran"]);

    public static ServerChange Decide(DnsmasqConfiguration wanted, ServerFacts facts)
    {
        if (!facts.IsInNamespace)
        {
            return new(ApplyAction.Restarted, ["it runs in another namespace"]);
        }

        if (CommandLines.Compare(facts.Arguments, wanted.Arguments.Skip(1)) is { Count: > 0 } arguments)
        {
            return new(ApplyAction.Restarted, [.. arguments.Select(name => $"command line: {name} changed")], ChangesArguments: true);
        }

        var reasons = new List<string>();
        Compare(reasons, "host", wanted.Hosts, facts.Hosts, facts.Applied?.Hosts);
        Compare(reasons, "addn_hosts", wanted.AddnHosts, facts.AddnHosts, facts.Applied?.AddnHosts);
        Compare(reasons, "opts", wanted.Opts, facts.Opts, facts.Applied?.Opts);
        if (reasons.Count == 0)
        {
            return new(ApplyAction.Unchanged, []);
        }

        if (!facts.CanReadFiles)
        {
            return new(ApplyAction.Restarted, [.. reasons, "it runs as an account that could not read its files again"]);
        }

        var hasTags = facts.Applied?.HasTaggedHosts ?? AppliedState.HasTags(facts.Hosts ?? "");
        var version = facts.Applied?.BinaryVersion ?? facts.Binary.Version;
        return hasTags && Quirks.Of(version).ReloadFreesTags
            ? new(ApplyAction.Restarted, [.. reasons, $"dnsmasq {version} may die of a reload while host lines have tags"])
            : new(ApplyAction.Reloaded, reasons);
    }

    private static void Compare(List<string> reasons, string name, string wanted, string? onDisk, string? applied)
    {
        if (onDisk is null)
        {
            reasons.Add($"{name} file was not there");
        }
        else if (onDisk != wanted)
        {
            reasons.Add($"{name} file changed");
        }
        else if (applied is not null && applied != AppliedState.Digest(wanted))
        {
            reasons.Add($"{name} file was written, but not yet read");
        }
    }
}
