using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Network boot says what to load, in texts that fit a DHCP message.</summary>
internal sealed class BootRule : INetworkConfigRule
{
    private const int MaxRules = 64;
    private const int MaxText = 255;
    private const int MaxArchitecture = 65_535;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        if (network.Boot is not { } boot)
        {
            return;
        }

        if (boot.FileName is null && boot.Rules.IsEmpty)
        {
            findings.Add("boot", "does not say what clients load", "give it a file_name or rules");
        }

        if (boot.Rules.Count > MaxRules)
        {
            findings.Add("boot.rules", $"must have at most {MaxRules} rules, has {boot.Rules.Count}");
        }

        if (boot.NextServer is { } next && Addresses.AddressNumber.IsIpv6(next))
        {
            findings.Add("boot.next_server", $"must be an IPv4 address (siaddr, RFC 2131), is {next}", "for IPv6 set the option bootfile-url in options6");
        }

        if (boot.ServerName is { } name && !PlainText.IsDomain(name))
        {
            findings.Add("boot.server_name", "must be a host's name");
        }

        CheckText(boot.FileName, "boot.file_name", findings);
        for (var i = 0; i < boot.Rules.Count; i++)
        {
            var rule = boot.Rules[i];
            var key = $"boot.rules[{i}]";
            if (rule.ClientArchitecture is < 0 or > MaxArchitecture)
            {
                findings.Add($"{key}.client_architecture", $"must be between 0 and {MaxArchitecture} (RFC 4578), is {rule.ClientArchitecture}");
            }

            if (rule is { ClientArchitecture: null, UserClass: null, VendorClass: null })
            {
                findings.Add(key, "does not say which clients it is for", "give it a client_architecture, user_class or vendor_class");
            }

            CheckText(rule.UserClass, $"{key}.user_class", findings);
            CheckText(rule.VendorClass, $"{key}.vendor_class", findings);
            CheckText(rule.FileName, $"{key}.file_name", findings);
        }
    }

    private static void CheckText(string? text, string key, NetworkFindings findings)
    {
        if (text is not null && (text.Length is 0 or > MaxText || !PlainText.IsValue(text)))
        {
            findings.Add(key, $"{PlainText.ValueRule}, and must have 1 to {MaxText} characters");
        }
    }
}
