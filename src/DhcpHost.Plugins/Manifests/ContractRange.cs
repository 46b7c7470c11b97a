using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Plugins.Manifests;

/// <summary>The contracts that a plugin works with: <c>1.2</c> for 1.2 and every later 1.x, or <c>1.2..1.4</c> for those alone.</summary>
/// <param name="Least">The oldest.</param>
/// <param name="Most">The newest; <c>null</c> for every later one of the same major version.</param>
public sealed record ContractRange(Version Least, Version? Most) : IParsable<ContractRange>
{
    /// <summary>Whether a host with this contract may load the plugin.</summary>
    public bool Includes(Version contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Major == Least.Major && contract >= Least && (Most is null || contract <= Most);
    }

    /// <inheritdoc/>
    public static ContractRange Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var range)
        ? range
        : throw new FormatException($"'{s}' is no contract: write \"1.0\" (1.0 and every later 1.x) or \"1.0..1.2\"");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ContractRange result)
    {
        result = null;
        var parts = (s ?? "").Split("..");
        Version? most = null;
        if (parts.Length > 2 || !TryParseVersion(parts[0], out var least) || (parts.Length == 2 && !TryParseVersion(parts[1], out most)))
        {
            return false;
        }

        if (most is not null && (most < least || most.Major != least.Major))
        {
            return false;
        }

        result = new(least, most);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Most is null ? Least.ToString() : $"{Least}..{Most}";

    private static bool TryParseVersion(string text, [NotNullWhen(true)] out Version? version) =>
        Version.TryParse(text, out version) && version.Build < 0 && text == version.ToString();
}
