using System.Collections.Frozen;
using DhcpHost.Neutron.Settings.Catalogue;

namespace DhcpHost.Neutron.Settings;

/// <summary>All options of Neutron that this host knows of.</summary>
public static class NeutronOptions
{
    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<NeutronOption> All { get; } =
        [.. AgentOptions.All, .. InterfaceOptions.All, .. MetadataOptions.All, .. MessagingOptions.All, .. OtherOptions.All];

    private static readonly FrozenDictionary<(string, string), NeutronOption> ByName = All.ToFrozenDictionary(option => (option.Group, option.Name));

    /// <summary>The option of that name; <c>null</c> for one that is not known.</summary>
    public static NeutronOption? Find(string group, string name) => ByName.GetValueOrDefault((OsloConfig.Normalise(group ?? ""), name));

    /// <summary>Which other programs read an option that has no row of its own here; <c>null</c> where none is known to.</summary>
    public static string? FindOthers(string group, string name) => OthersNames.Find(group, name);
}
