using System.Text;
using DhcpHost.Neutron.Settings.Catalogue;

namespace DhcpHost.Neutron.Settings;

/// <summary>Makes a <c>host.toml</c> of Neutron's configuration files. Pure: it looks at nothing but its arguments.</summary>
public sealed class NeutronImport
{
    private const string UrlOption = "transport_url";

    private readonly OsloConfig _config;
    private readonly ImportSite _site;
    private readonly NeutronSettings _settings;
    private readonly HostTomlDraft _draft = new();
    private readonly List<ImportFinding> _findings = [];

    private NeutronImport(OsloConfig config, ImportSite site)
    {
        _config = config;
        _site = site;
        _settings = new(config, site.MachineName);
    }

    /// <summary>The text of <c>host.toml</c>, which explains itself.</summary>
    public string HostToml { get; private set; } = "";

    /// <summary>What goes to <see cref="ImportSite.TransportUrlFile"/>: a secret; empty where it cannot be read.</summary>
    public string TransportUrl { get; private set; } = "";

    /// <summary>What goes to <see cref="ImportSite.MetadataSecretFile"/>: a secret; empty for none.</summary>
    public string MetadataSecret { get; private set; } = "";

    /// <summary>What became of each option that a file has, and of those that cannot be carried over as they are.</summary>
    public IReadOnlyList<ImportFinding> Findings => _findings;

    /// <summary>Carries a configuration over.</summary>
    public static NeutronImport Run(OsloConfig config, ImportSite site)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(site);
        var import = new NeutronImport(config, site);
        import.Run();
        return import;
    }

    private void Run()
    {
        var problem = ReadTransportUrl();
        foreach (var option in NeutronOptions.All)
        {
            Carry(option);
        }

        if (problem is not null)
        {
            Tell(OsloConfig.DefaultGroup, UrlOption, FindingKind.Wrong, problem);
        }

        new JointOptions(_settings, problem is null ? _site : _site with { TransportUrlFile = null }, _draft, Tell).Apply();
        MetadataSecret = _settings.Text("metadata_proxy_shared_secret");
        foreach (var (group, name) in _config.Options.Where(key => NeutronOptions.Find(key.Group, key.Name) is null))
        {
            var others = NeutronOptions.FindOthers(group, name);
            Tell(
                group,
                name,
                others is null ? FindingKind.Unknown : FindingKind.Unneeded,
                others ?? "no such option is known of neutron-dhcp-agent; what it was for, only you know");
        }

        HostToml = Write();
    }

    /// <summary>Takes the URL apart; what stands after its question mark counts more than the same options of the group.</summary>
    /// <returns>What is wrong with it; <c>null</c> for nothing.</returns>
    private string? ReadTransportUrl()
    {
        if (!TransportUrlText.TryRead(_settings.Text(UrlOption), out var url, out var problem))
        {
            return problem;
        }

        TransportUrl = url.Url;
        var place = _config.Find(OsloConfig.DefaultGroup, UrlOption);
        foreach (var (name, value) in url.Options)
        {
            _config.Add(MessagingOptions.Rabbit, name, new(value, place!.Path, place.Line));
        }

        return null;
    }

    private void Carry(NeutronOption option)
    {
        var isSet = _settings.IsSet(option);
        if (option.Convert is { } convert && (isSet || option.IsAlwaysWritten))
        {
            try
            {
                if (convert(_settings.Text(option.Group, option.Name)) is { } toml)
                {
                    _draft.Set(option.Target, toml, isSet ? $"{option}, {Place(option)}" : $"{option}: Neutron's default");
                }
            }
            catch (FormatException e)
            {
                Tell(option.Group, option.Name, FindingKind.Wrong, e.Message);
                return;
            }
        }

        if (isSet)
        {
            var text = option is { Fate: OptionFate.Mapped, Target.Length: > 0 }
                ? $"{option.Target}{(option.Remark.Length > 0 ? $" ({option.Remark})" : "")}"
                : option.Remark;
            Tell(
                option.Group,
                option.Name,
                option.Fate switch
                {
                    OptionFate.Mapped => FindingKind.Mapped,
                    OptionFate.Unneeded => FindingKind.Unneeded,
                    _ => FindingKind.Unsupported,
                },
                text);
        }
    }

    private string Place(NeutronOption option) => _config.Find(option.Group, option.Name)?.Place ?? "";

    private void Tell(string group, string name, FindingKind kind, string text)
    {
        var option = new NeutronOption { Group = group, Name = name, Default = "", Fate = OptionFate.Mapped };

        // The last word on an option counts: one that is carried over in principle may still have a value that cannot be.
        _ = _findings.RemoveAll(finding => finding.Option == option.ToString());
        _findings.Add(new(kind, option.ToString(), Place(option), text));
    }

    private string Write()
    {
        var text = new StringBuilder(
            """
            # Made by `dhcphost import-neutron` of Neutron's configuration files. Each key says what it was made of; keys that are not here have this
            # host's defaults (docs/configuration.md). What could not be carried over is at the end. Check it with `dhcphost check -c FILE`.

            """);
        _draft.WriteTo(text);
        Append(text, FindingKind.Wrong, "Values that could not be read, or are not offered here; the keys are not written:");
        Append(text, FindingKind.Unsupported, "Options that cannot be honoured, and what to do:");
        Append(text, FindingKind.Unknown, "Options that nobody knows:");
        Append(text, FindingKind.Unneeded, "Options that have no meaning here, and why:");
        return text.ToString();
    }

    private void Append(StringBuilder text, FindingKind kind, string title)
    {
        var lines = _findings.Where(finding => finding.Kind == kind).ToList();
        if (lines.Count > 0)
        {
            _ = text.Append("\n# ").Append(title).Append('\n');
            lines.ForEach(line => text.Append("#   ").Append(HostTomlDraft.Plain(line.ToString())).Append('\n'));
        }
    }
}
