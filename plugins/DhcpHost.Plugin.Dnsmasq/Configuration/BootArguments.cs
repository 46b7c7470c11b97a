using System.Globalization;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Makes the arguments of network boot.</summary>
internal static class BootArguments
{
    public static List<string> Make(Network network, RefusalList refusals)
    {
        if (network.Boot is not { } boot)
        {
            return [];
        }

        var matches = new List<string>();
        var files = new List<string>();
        var server = boot.ServerName;
        if (server is not null && ArgumentGrammar.FindFault(server) is { } serverFault)
        {
            refusals.Add($"network {network.Id} boot server name {RefusalList.Quote(server)}", serverFault);
            server = null;
        }

        // Without an address of its own, dnsmasq names itself.
        var end = boot.NextServer is { } next ? $",{server},{AddressText.Plain(next)}" : server is null ? "" : $",{server}";
        if (boot.FileName is { } fileName)
        {
            if (ArgumentGrammar.FindFault(fileName) is { } fault)
            {
                refusals.Add($"network {network.Id} boot file {RefusalList.Quote(fileName)}", fault);
            }
            else
            {
                files.Add($"--dhcp-boot={fileName}{end}");
            }
        }

        // dnsmasq prefers the last one given; the model prefers the first.
        for (var i = boot.Rules.Count - 1; i >= 0; i--)
        {
            AddRule(network, i, boot.Rules[i], end, matches, files, refusals);
        }

        return [.. matches, .. files];
    }

    private static void AddRule(Network network, int index, NetworkBootRule rule, string end, List<string> matches, List<string> files, RefusalList refusals)
    {
        foreach (var text in new[] { rule.FileName, rule.UserClass, rule.VendorClass })
        {
            if (text is not null && ArgumentGrammar.FindFault(text) is { } fault)
            {
                refusals.Add($"network {network.Id} boot rule {index + 1} {RefusalList.Quote(text)}", fault);
                return;
            }
        }

        var conditions = new List<string>();
        void AddCondition(string kind, string argument)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"boot-{index + 1}-{kind}");
            matches.Add(string.Format(CultureInfo.InvariantCulture, argument, tag));
            conditions.Add($"tag:{tag},");
        }

        if (rule.ClientArchitecture is { } architecture)
        {
            AddCondition("arch", string.Create(CultureInfo.InvariantCulture, $"--dhcp-match=set:{{0}},option:client-arch,{architecture}"));
        }

        if (rule.UserClass is { } userClass)
        {
            AddCondition("user", "--dhcp-userclass=set:{0}," + Escape(userClass));
        }

        if (rule.VendorClass is { } vendorClass)
        {
            AddCondition("vendor", "--dhcp-vendorclass=set:{0}," + Escape(vendorClass));
        }

        files.Add($"--dhcp-boot={string.Concat(conditions)}{rule.FileName}{end}");
    }

    private static string Escape(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
