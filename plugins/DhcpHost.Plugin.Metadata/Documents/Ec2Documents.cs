using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>
/// The tree that EC2's metadata service has, as far as it means something here (cloud-init's data source Ec2 walks it): a directory's document
/// lists its entries, with a slash after those that are directories themselves.
/// </summary>
internal static class Ec2Documents
{
    /// <summary>The versions that are spoken, all alike.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        ["1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01", "2009-04-04", "2016-09-02", "2018-09-24",
        "2021-03-23", "latest"];

    /// <summary>The document at a path below a version; <c>null</c> where there is none.</summary>
    public static Document? Find(InstanceDocuments instance, ReadOnlySpan<string> path) => path switch
    {
        [] => Document.Lines(instance.UserData is null ? ["meta-data/"] : ["meta-data/", "user-data"]),
        ["user-data"] => instance.UserData is { } data ? Document.Data(data) : null,
        ["meta-data", .. var rest] => Walk(Tree(instance), rest),
        _ => null,
    };

    private static Document? Walk(SortedDictionary<string, object> directory, ReadOnlySpan<string> path)
    {
        if (path is [])
        {
            return Document.Lines(directory.Select(entry => entry.Value is string ? entry.Key : $"{entry.Key}/"));
        }

        return !directory.TryGetValue(path[0], out var entry) ? null
            : entry is SortedDictionary<string, object> below ? Walk(below, path[1..])
            : entry is Func<ReadOnlySpan<string>, Document?> special ? special(path[1..])
            : path.Length == 1 ? Document.Text((string)entry) : null;
    }

    private static SortedDictionary<string, object> Tree(InstanceDocuments instance)
    {
        var told = instance.Told;
        var tree = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["ami-id"] = "ami-00000000",
            ["ami-launch-index"] = "0",
            ["hostname"] = told.Hostname,
            ["instance-id"] = told.InstanceId,
            ["local-hostname"] = told.Hostname,
            ["placement"] = Directory(("availability-zone", told.AvailabilityZone)),
        };
        Add("instance-type", told.InstanceType.Length > 0 ? told.InstanceType : null);
        Add("local-ipv4", instance.FirstAddress(4));
        Add("ipv6", instance.FirstAddress(6));
        if (instance.Port.MacAddress is { } mac)
        {
            tree["mac"] = mac.ToString();
            tree["network"] = Directory(("interfaces", Directory(("macs", Directory((mac.ToString(), Interface(instance, mac)))))));
        }

        if (told.PublicKeys.Count > 0)
        {
            tree["public-keys"] = (Func<ReadOnlySpan<string>, Document?>)(path => Keys(told.PublicKeys, path));
        }

        return tree;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                tree[name] = value;
            }
        }
    }

    private static SortedDictionary<string, object> Interface(InstanceDocuments instance, MacAddress mac)
    {
        var directory = Directory(("device-number", "0"), ("mac", mac.ToString()), ("local-hostname", instance.Told.Hostname));
        AddLines("local-ipv4s", instance.AddressesOf(4));
        AddLines("ipv6s", instance.AddressesOf(6));
        AddLines("subnet-ipv4-cidr-block", instance.Subnets.Where(subnet => subnet.IpVersion == 4).Select(subnet => subnet.Cidr.ToString()).Take(1));
        AddLines("subnet-ipv6-cidr-blocks", instance.Subnets.Where(subnet => subnet.IpVersion == 6).Select(subnet => subnet.Cidr.ToString()));
        return directory;

        void AddLines(string name, IEnumerable<string> values)
        {
            if (string.Join('\n', values) is { Length: > 0 } text)
            {
                directory[name] = text;
            }
        }
    }

    /// <summary>Keys go by their number: <c>0=name</c>, <c>0/</c>, <c>0/openssh-key</c>.</summary>
    private static Document? Keys(EquatableMap keys, ReadOnlySpan<string> path)
    {
        if (path is [])
        {
            return Document.Lines(keys.Keys.Select((name, number) => $"{number}={name}"));
        }

        if (!int.TryParse(path[0], out var index) || index < 0 || index >= keys.Count)
        {
            return null;
        }

        return path[1..] switch
        {
            [] => Document.Text("openssh-key"),
            ["openssh-key"] => Document.Text(keys.Values.ElementAt(index)),
            _ => null,
        };
    }

    private static SortedDictionary<string, object> Directory(params (string Name, object Value)[] entries)
    {
        var directory = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            directory[name] = value;
        }

        return directory;
    }
}
