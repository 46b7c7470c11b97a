using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Names, domains and labels keep to grammars that every server's configuration can hold.</summary>
internal sealed class NameRule : INetworkConfigRule
{
    private const int MaxLabels = 64;
    private const int MaxLabelLength = 255;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        CheckName(network.Name, "name", findings);
        if (network.Bridge is { } bridge && !PlainText.IsInterface(bridge))
        {
            findings.Add("bridge", "must be the name of a Linux bridge: at most 15 letters, digits, '.', '_' or '-'");
        }

        if (network.DnsDomain is { } domain && !PlainText.IsDomain(domain))
        {
            findings.Add("dns_domain", "must be a domain such as \"lab.example.org\"");
        }

        for (var i = 0; i < network.Subnets.Count; i++)
        {
            CheckName(network.Subnets[i].Name, $"subnets[{i}].name", findings);
        }

        for (var i = 0; i < network.Reservations.Count; i++)
        {
            CheckName(network.Reservations[i].Name, $"reservations[{i}].name", findings);
            if (network.Reservations[i].Hostname is { } hostname && !PlainText.IsHostname(hostname))
            {
                findings.Add($"reservations[{i}].hostname", "must be one label of letters, digits and '-', at most 63, with '-' not at its ends");
            }
        }

        CheckLabels(network, findings);
    }

    private static void CheckName(string name, string key, NetworkFindings findings)
    {
        if (!PlainText.IsName(name))
        {
            findings.Add(key, PlainText.NameRule);
        }
    }

    private static void CheckLabels(NetworkConfig network, NetworkFindings findings)
    {
        if (network.Labels.Count > MaxLabels)
        {
            findings.Add("labels", $"must have at most {MaxLabels} labels, has {network.Labels.Count}");
        }

        foreach (var (label, value) in network.Labels)
        {
            if (label.Length is 0 or > MaxLabelLength || value.Length > MaxLabelLength || !PlainText.IsName(label) || !PlainText.IsName(value))
            {
                findings.Add(
                    Toml.TomlDocument.JoinKey("labels", label),
                    $"{PlainText.NameRule}, nor more than {MaxLabelLength} characters, and the label may not be empty");
            }
        }
    }
}
