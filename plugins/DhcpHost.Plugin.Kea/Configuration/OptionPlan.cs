using System.Globalization;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>
/// Lays option rules out over Kea's places for options. Of the rules for one option, those with conditions go before those without, and of
/// equals the later one, as in dnsmasq. Kea takes a client's own options, then its subnet's, then those of classes in their order: rules
/// that this cannot tell, become classes.
/// </summary>
internal sealed class OptionPlan
{
    private const string Always = "'1' == '1'";

    private readonly KeaFamily _family;
    private readonly List<SendRule> _rules = [];
    private readonly List<KeaClass> _classes = [];
    private readonly SortedSet<string> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<(SubnetId, PortId), List<KeaOption>> _ports = [];

    public OptionPlan(KeaFamily family, IEnumerable<SendRule> rules, RefusalList refusals)
    {
        _family = family;
        foreach (var rule in rules)
        {
            var unknown = rule.Tags.FirstOrDefault(tag => TagExpressions.Find(family, tag.Tag) is null
                && TagExpressions.FindSubnet(tag.Tag) is null && TagExpressions.FindPort(tag.Tag) is null).Tag;
            if (unknown is not null)
            {
                refusals.Add(
                    $"{Describe(rule)} tag {RefusalList.Quote(unknown)}",
                    "clients of Kea have no such tag; name the option without it, or use the driver dnsmasq");
            }
            else if (rule.Value.Length > 0 && OptionShapes.FindFault(family, rule.Code, rule.Value) is { } fault)
            {
                refusals.Add(Describe(rule), fault);
            }
            else
            {
                _rules.Add(rule);
            }
        }
    }

    /// <summary>The classes, in the order in which they have to be defined.</summary>
    public IEnumerable<KeaClass> Classes => [.. _members.Select(port => new KeaClass(TagExpressions.PortClass(port))), .. _classes];

    /// <summary>What a port's reservation on a subnet carries.</summary>
    public (IReadOnlyList<KeaOption>? Options, IReadOnlyList<string>? Classes) Of(SubnetId subnet, PortId port) =>
        (_ports.GetValueOrDefault((subnet, port)), _members.Contains(port.Value) ? [TagExpressions.PortClass(port.Value)] : null);

    /// <summary>Lays out a subnet: its own options and the classes that it asks for. What its ports carry is known afterwards.</summary>
    public (IReadOnlyList<KeaOption>? Options, IReadOnlyList<string>? Classes) LayOut(SubnetId subnet, IReadOnlySet<PortId> ports, byte[] ownAddress)
    {
        var options = new List<KeaOption>();
        var classes = new List<string>();
        var applying = _rules.Where(
            rule => (rule.Subnet is null || rule.Subnet == subnet) && (rule.Port is null || ports.Contains(rule.Port.Value)) && CanHold(rule, subnet));
        foreach (var group in applying.GroupBy(rule => rule.Code))
        {
            LayOut(subnet, [.. Order(group, subnet)], ownAddress, options, classes);
        }

        return (options.Count > 0 ? options : null, classes.Count > 0 ? classes : null);
    }

    /// <summary>First those that go before others; nothing after one that always holds.</summary>
    private static IEnumerable<SendRule> Order(IEnumerable<SendRule> rules, SubnetId subnet)
    {
        foreach (var rule in rules.Reverse().OrderBy(rule => rule.IsConditional ? 0 : 1))
        {
            yield return rule;
            if (IsAlways(rule, subnet))
            {
                yield break;
            }
        }
    }

    private void LayOut(SubnetId subnet, List<SendRule> rules, byte[] ownAddress, List<KeaOption> options, List<string> classes)
    {
        var plain = rules.Where(rule => rule.Port is not null).GroupBy(rule => rule.Port!.Value)
            .Where(port => IsPlain(port.First(), subnet)).ToDictionary(port => port.Key, port => port.First());
        foreach (var (port, rule) in plain)
        {
            if (!_ports.TryGetValue((subnet, port), out var own))
            {
                _ports.Add((subnet, port), own = []);
            }

            own.Add(rule.ToOption(ownAddress));
        }

        var left = rules.Where(rule => rule.Port is not { } port || !plain.ContainsKey(port)).ToList();
        if (left is [var only] && IsAlways(only, subnet))
        {
            if (only.Value.Length > 0)
            {
                options.Add(only.ToOption(ownAddress));
            }

            return;
        }

        var blockers = new List<string>();
        foreach (var rule in left)
        {
            var condition = Condition(rule, subnet);
            if (rule.Value.Length == 0)
            {
                blockers.Add($"not ({condition})");
                continue;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"option-{_classes.Count + 1}");
            _classes.Add(new(name)
            {
                Test = string.Join(" and ", blockers.Prepend($"({condition})")),
                OnlyIfRequired = true,
                OptionData = [rule.ToOption(ownAddress)],
            });
            classes.Add(name);
        }
    }

    private string Condition(SendRule rule, SubnetId subnet)
    {
        var parts = new List<string>();
        if (rule.Port is { } port)
        {
            parts.Add(Member(port.Value));
        }

        foreach (var (tag, isNegated) in rule.Tags)
        {
            if (TagExpressions.FindSubnet(tag) is null)
            {
                var expression = TagExpressions.FindPort(tag) is { } tagged ? Member(tagged) : TagExpressions.Find(_family, tag)!;
                parts.Add(isNegated ? $"not ({expression})" : $"({expression})");
            }
        }

        return parts.Count == 0 ? Always : string.Join(" and ", parts);
    }

    private string Member(string port)
    {
        _ = _members.Add(port);
        return $"member('{TagExpressions.PortClass(port)}')";
    }

    private static bool IsPlain(SendRule rule, SubnetId subnet) => rule.Value.Length > 0 && rule.Tags.All(tag => HoldsBySubnet(tag, subnet) == true);

    private static bool IsAlways(SendRule rule, SubnetId subnet) => rule.Port is null && rule.Tags.All(tag => HoldsBySubnet(tag, subnet) == true);

    private static bool CanHold(SendRule rule, SubnetId subnet) => rule.Tags.All(tag => HoldsBySubnet(tag, subnet) != false);

    /// <summary>Whether a tag that names a subnet is met; <c>null</c> for one that names none.</summary>
    private static bool? HoldsBySubnet((string Tag, bool IsNegated) tag, SubnetId subnet) =>
        TagExpressions.FindSubnet(tag.Tag) is { } named ? (named == subnet.Value) != tag.IsNegated : null;

    private static string Describe(SendRule rule)
    {
        var owner = rule.Port is { } port ? $"port {port}" : rule.Subnet is { } subnet ? $"subnet {subnet}" : "network";
        return string.Create(CultureInfo.InvariantCulture, $"{owner} option {rule.Code}");
    }
}
