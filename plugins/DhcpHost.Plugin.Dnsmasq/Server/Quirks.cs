using System.Buffers;
using System.Globalization;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Faults of single versions of dnsmasq that a driver must work around.</summary>
/// <param name="ReloadFreesTags">
/// A reload (SIGHUP) after a client was served whose host line carries <c>set:</c> frees memory that is not the heap's; the server dies, at once or later.
/// </param>
internal sealed record Quirks(bool ReloadFreesTags)
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly Version OldestThatIsUsable = new(2, 81);
    private static readonly Version FirstThatFreesTags = new(2, 86);
    private static readonly Version FirstThatFreesNoTags = new(2, 91);

    /// <summary>What is known of a version. Of one that cannot be read the worst is assumed.</summary>
    public static Quirks Of(string version) =>
        TryParse(version) is { } known ? new(known >= FirstThatFreesTags && known < FirstThatFreesNoTags) : new(true);

    /// <summary>Whether a version lacks what every network needs: an IPv6 host line with a tag to match, <c>tag:dhcpv6</c>.</summary>
    public static bool IsTooOld(string version) => TryParse(version) is { } known && known < OldestThatIsUsable;

    /// <summary>The version without what follows the number: <c>2.91rc1</c>, <c>2.92test3</c>, <c>2.90-4~deb12u2</c>.</summary>
    private static Version? TryParse(string version)
    {
        var end = version.AsSpan().IndexOfAnyExcept(NumberCharacters);
        var number = end < 0 ? version : version[..end];
        var parts = number.Split('.');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new(major, minor)
            : null;
    }
}
