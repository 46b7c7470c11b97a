using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Loading;

/// <summary>Checks what a plugin says it offers. It runs code of the plugin.</summary>
internal static class OfferReader
{
    /// <exception cref="PluginLoadException">It is not what a plugin may offer.</exception>
    public static (IReadOnlyList<OfferedDriver> Drivers, IReadOnlyList<INetworkSource> Sources) Read(PluginContents? contents, PluginKind kind)
    {
        if (contents is null)
        {
            throw new PluginLoadException("its StartAsync returned null instead of what it offers");
        }

        var drivers = new List<OfferedDriver>();
        Add(drivers, DriverKind.Interface, contents.InterfaceDrivers, nameof(contents.InterfaceDrivers));
        Add(drivers, DriverKind.Dhcp, contents.DhcpDrivers, nameof(contents.DhcpDrivers));
        Add(drivers, DriverKind.Metadata, contents.MetadataDrivers, nameof(contents.MetadataDrivers));
        var sources = contents.NetworkSources?.ToList() ?? throw Null(nameof(contents.NetworkSources));
        var ids = new HashSet<PluginId>();
        foreach (var source in sources)
        {
            var id = (source ?? throw Null(nameof(contents.NetworkSources))).Id;
            if (id == default || !ids.Add(id))
            {
                throw new PluginLoadException(id == default ? "it offers a source that has no id" : $"it offers two sources with the id '{id}'");
            }
        }

        return (drivers.Count, sources.Count, kind) switch
        {
            (0, 0, _) => throw new PluginLoadException("it offers no driver and no source"),
            ( > 0, 0, PluginKind.Source) => throw new PluginLoadException("its plugin.toml says kind = \"source\", but it offers no source"),
            (0, > 0, PluginKind.Driver) => throw new PluginLoadException("its plugin.toml says kind = \"driver\", but it offers only sources"),
            _ => (drivers, sources),
        };
    }

    private static void Add<TDriver>(List<OfferedDriver> offered, DriverKind kind, IReadOnlyList<TDriver>? drivers, string property)
        where TDriver : class, INetworkDriver
    {
        foreach (var driver in drivers ?? throw Null(property))
        {
            var info = (driver ?? throw Null(property)).Info;
            if (info is null || info.Id == default || info.Version is null || info.ContractVersion is null)
            {
                throw new PluginLoadException($"a driver in {property} does not say its id, version and contract version");
            }

            var own = PluginContract.Version;
            if (info.ContractVersion.Major != own.Major || info.ContractVersion > own)
            {
                throw new PluginLoadException($"its driver '{info.Id}' says that it follows contract {info.ContractVersion}, but this host has {own}");
            }

            if (offered.Exists(other => other.Kind == kind && other.Info.Id == info.Id))
            {
                throw new PluginLoadException($"it offers two {kind} drivers with the id '{info.Id}'");
            }

            offered.Add(new(kind, info, driver.Capabilities ?? throw new PluginLoadException($"its driver '{info.Id}' does not say its capabilities"), driver));
        }
    }

    private static PluginLoadException Null(string property) => new($"its {property} is null, or holds a null");
}
