using System.Text.RegularExpressions;

namespace DhcpHost.Neutron.Settings;

/// <summary>The values in force: what the files say, over Neutron's defaults, with <c>$names</c> put in.</summary>
/// <param name="config">What the files say.</param>
/// <param name="machineName">The machine's name, the default of <c>host</c>.</param>
internal sealed partial class NeutronSettings(OsloConfig config, string machineName)
{
    private const int DeepestSubstitution = 16;

    /// <summary>The value in force of an option.</summary>
    public string Text(string group, string name) => Text(group, name, 0);

    /// <summary>The value in force of an option of the group <c>DEFAULT</c>.</summary>
    public string Text(string name) => Text(OsloConfig.DefaultGroup, name, 0);

    /// <summary>Whether a file has it.</summary>
    public bool IsSet(NeutronOption option) => config.Find(option.Group, option.Name) is not null;

    private string Text(string group, string name, int depth)
    {
        var raw = config.Find(group, name)?.Text ?? NeutronOptions.Find(group, name)?.Default ?? "";
        raw = group == OsloConfig.DefaultGroup && name == "host" && raw.Length == 0 ? machineName : raw;
        return depth > DeepestSubstitution ? raw : Substitute(raw, depth);
    }

    /// <summary>
    /// By oslo.config's rules (<c>cfg.py</c>): <c>$name</c>, <c>${name}</c>, <c>${group.name}</c>; <c>\$</c> and <c>$$</c>
    /// are a dollar; unknown names stay.
    /// </summary>
    private string Substitute(string raw, int depth) => !raw.Contains('$', StringComparison.Ordinal) ? raw : Reference().Replace(raw, match =>
    {
        if (match.Value is "$$" or "\\$")
        {
            return "$";
        }

        var key = match.Groups["name"].Value.TrimEnd('.');
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var (group, name) = dot < 0 ? (OsloConfig.DefaultGroup, key) : (OsloConfig.Normalise(key[..dot]), key[(dot + 1)..]);
        var isKnown = config.Find(group, name) is not null || NeutronOptions.Find(group, name) is not null;
        return isKnown
            ? Text(group, name, depth + 1) + match.Value[(match.Value.IndexOf(key, StringComparison.Ordinal) + key.Length)..].TrimEnd('}')
            : match.Value;
    });

    [GeneratedRegex(@"\$\$|\\\$|\$(?:(?<name>[A-Za-z_][A-Za-z0-9_.]*)|\{(?<name>[A-Za-z_][A-Za-z0-9_.]*)\})")]
    private static partial Regex Reference();
}
