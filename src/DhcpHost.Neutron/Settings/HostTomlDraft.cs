using System.Text;

namespace DhcpHost.Neutron.Settings;

/// <summary>A <c>host.toml</c> that is being made: keys with the reason why they are there.</summary>
internal sealed class HostTomlDraft
{
    private readonly OrderedDictionary<string, OrderedDictionary<string, (string Value, string Comment)>> _tables = [];

    // The order of the host.toml that ships.
    private static readonly string[] Order =
    [
        "host", "limits", "defaults", "engine", "plugins", "drivers.dnsmasq", "drivers.openvswitch", "drivers.linuxbridge", "drivers.haproxy",
        "drivers.metadata",
        "sources.neutron", "sources.neutron.messaging", "sources.neutron.messaging.rabbit", "logging",
    ];

    public HostTomlDraft()
    {
        foreach (var table in Order)
        {
            _tables[table] = [];
        }
    }

    /// <summary>Sets a key. The last one who sets it counts.</summary>
    /// <param name="target">Its whole path: <c>drivers.dnsmasq.config_file</c>.</param>
    /// <param name="toml">Its value as TOML.</param>
    /// <param name="comment">Where it comes from, on one line.</param>
    public void Set(string target, string toml, string comment)
    {
        var dot = target.LastIndexOf('.');
        if (!_tables.TryGetValue(target[..dot], out var table))
        {
            _tables.Add(target[..dot], table = []);
        }

        table[target[(dot + 1)..]] = (toml, comment);
    }

    /// <summary>Whether a key is set.</summary>
    public bool Has(string target) =>
        _tables.TryGetValue(target[..target.LastIndexOf('.')], out var table) && table.ContainsKey(target[(target.LastIndexOf('.') + 1)..]);

    /// <summary>Takes a key away again.</summary>
    public void Remove(string target)
    {
        if (Has(target))
        {
            _ = _tables[target[..target.LastIndexOf('.')]].Remove(target[(target.LastIndexOf('.') + 1)..]);
        }
    }

    public void WriteTo(StringBuilder text)
    {
        foreach (var (name, table) in _tables.Where(table => table.Value.Count > 0))
        {
            _ = text.Append('\n').Append('[').Append(name).Append("]\n");
            foreach (var (key, (value, comment)) in table)
            {
                _ = text.Append("# ").Append(Plain(comment)).Append('\n').Append(key).Append(" = ").Append(value).Append('\n');
            }
        }
    }

    /// <summary>Text from files of others, fit for a comment's line.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = plain.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        }

        return plain.ToString();
    }
}
