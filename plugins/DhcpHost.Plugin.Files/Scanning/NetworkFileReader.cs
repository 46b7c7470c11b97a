using System.Collections.Immutable;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Plugin.Files.Mapping;
using DhcpHost.Plugin.Files.Rules;
using DhcpHost.Toml;

namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>Reads one network's file: text, types, rules, model. Whatever it holds, the outcome is a network or errors with places.</summary>
internal sealed class NetworkFileReader(FilesOptions options, string hostName)
{
    public const string Extension = ".toml";

    private readonly INetworkConfigRule[] _rules =
    [
        new NameRule(),
        new SubnetRule(options.MaxSubnets),
        new PoolRule(),
        new ReservationRule(options.MaxReservations),
        new OptionRule(),
        new BootRule(),
    ];

    private readonly TomlLimits _limits = new() { MaxBytes = (int)Math.Min(options.MaxFileSize.Bytes, int.MaxValue / 2) };

    public int MaxBytes => _limits.MaxBytes;

    /// <param name="utf8">The file's bytes.</param>
    /// <param name="path">Its name in errors; the last part, without <c>.toml</c>, is the id of a network that gives none.</param>
    public (LoadedNetwork? Network, ImmutableArray<TomlError> Errors) Read(ReadOnlySpan<byte> utf8, string path)
    {
        var parsed = TomlDocument.Parse(utf8, path, _limits);
        if (!parsed.Succeeded)
        {
            return (null, parsed.Errors);
        }

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            // An editor that writes in place empties the file first: that is no wish to take the network's subnets away.
            return (null, [parsed.Document.ErrorAt("", "the file is empty", "write the network's keys, or delete the file to remove the network")]);
        }

        var bound = TomlBinder.Bind<NetworkConfig>(parsed.Document.Root);
        if (!bound.Succeeded)
        {
            return (null, bound.Errors);
        }

        var findings = new NetworkFindings(parsed.Document);
        foreach (var rule in _rules)
        {
            rule.Check(bound.Value, findings);
        }

        var fileName = Path.GetFileNameWithoutExtension(path);
        if (bound.Value.Id is null && !NetworkId.TryParse(fileName, null, out _))
        {
            findings.Add(
                "",
                $"the file's name '{fileName}' is no id: 1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit",
                "rename the file, or write an id into it");
        }

        return findings.Errors.Count > 0
            ? (null, [.. findings.Errors.OrderBy(error => error.Line).ThenBy(error => error.Column)])
            : (NetworkMapping.Map(bound.Value.Id ?? new(fileName), bound.Value, hostName), []);
    }
}
