using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Configuration;
using DhcpHost.Neutron.Settings;
using DhcpHost.Plugins;

namespace DhcpHost.Cli.Rendering;

/// <summary>What a site decides about a server: by an agent's options, carried over as <c>import-neutron</c> does, or by <c>host.toml</c>.</summary>
/// <param name="Server">Options of servers.</param>
/// <param name="Metadata">Who gets metadata.</param>
/// <param name="Driver">The driver's own options.</param>
/// <param name="Refusals">Options that nobody knows.</param>
internal sealed record RenderSettings(ServerOptions Server, MetadataMode Metadata, object Driver, EquatableArray<Refusal> Refusals)
{
    /// <summary>Whether a network with a subnet in 169.254.0.0/16 needs a proxy although it has a router (Neutron's <c>enable_metadata_network</c>).</summary>
    public bool ServesMetadataNetworks { get; private init; }

    private const string Name = "conf";

    /// <summary>Takes those of a <c>host.toml</c>.</summary>
    public static RenderSettings Of(LoadedConfig loaded, PluginRenderer plugin, EquatableArray<Refusal> refusals = default) =>
        new(loaded.Config.Defaults.ToServerOptions(), loaded.Config.Defaults.Metadata, plugin.Bind(loaded.PluginTables), refusals)
        {
            ServesMetadataNetworks = loaded.Config.Defaults.MetadataNetworks,
        };

    /// <summary>Takes those of an agent: by name, those of a group in an object of its name.</summary>
    /// <exception cref="RenderException">A value cannot be read.</exception>
    public static RenderSettings Of(JsonElement? conf, PluginRenderer plugin)
    {
        var config = new OsloConfig();
        if (conf is { } json)
        {
            config.Read(Name, WriteIni(json));
        }

        var import = NeutronImport.Run(config, new() { MachineName = "render" });
        if (import.Findings.FirstOrDefault(finding => finding.Kind == FindingKind.Wrong) is { } wrong)
        {
            throw new RenderException($"{Name}.{wrong.Option}: {wrong.Text}");
        }

        var result = new ConfigLoader(TimeProvider.System).Parse(Encoding.UTF8.GetBytes(import.HostToml), Name);
        if (!result.Succeeded)
        {
            throw new RenderException(string.Join("; ", result.Errors));
        }

        var unknown = import.Findings.Where(finding => finding.Kind == FindingKind.Unknown).Select(
            finding => new Refusal($"{Name}.{finding.Option}", finding.Text));
        return Of(result.Loaded, plugin, unknown.ToEquatableArray());
    }

    private static string WriteIni(JsonElement conf)
    {
        if (conf.ValueKind != JsonValueKind.Object)
        {
            throw new RenderException($"{Name}: an object is expected");
        }

        var text = new StringBuilder();
        foreach (var group in conf.EnumerateObject().OrderBy(option => option.Value.ValueKind == JsonValueKind.Object))
        {
            if (group.Value.ValueKind != JsonValueKind.Object)
            {
                Append(text, group);
                continue;
            }

            _ = text.Append('[').Append(Checked(group.Name)).Append("]\n");
            foreach (var option in group.Value.EnumerateObject())
            {
                Append(text, option);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonProperty option)
    {
        if (option.Value.ValueKind != JsonValueKind.Null)
        {
            _ = text.Append(Checked(option.Name)).Append(" = ").Append(Checked(ToText(option))).Append('\n');
        }
    }

    private static string ToText(JsonProperty option) => option.Value.ValueKind switch
    {
        JsonValueKind.String => option.Value.GetString()!,
        JsonValueKind.Array =>
            string.Join(',', option.Value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : item.GetRawText())),
        JsonValueKind.Object => throw new RenderException($"{Name}.{option.Name}: a value is expected"),
        _ => option.Value.GetRawText(),
    };

    /// <summary>What is one value here is to be one there.</summary>
    private static string Checked(string text) => text.AsSpan().IndexOfAny('\n', '\r') < 0
        ? text
        : throw new RenderException($"{Name}: an option of several lines");
}
