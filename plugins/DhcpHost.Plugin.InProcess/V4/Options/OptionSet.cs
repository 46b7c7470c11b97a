using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4.Options;

/// <summary>The options of one kind of client, found by number at once.</summary>
internal sealed class OptionSet
{
    private readonly byte[]?[] _values = new byte[]?[byte.MaxValue + 1];

    private OptionSet(IReadOnlyList<OptionRule> chosen, byte[] ownAddress)
    {
        foreach (var rule in chosen)
        {
            _values[rule.Code] = rule.HoldsAddresses ? WithOwnAddress(rule.Value, ownAddress) : rule.Value;
        }

        Codes = [.. chosen.Where(rule => rule.Value.Length > 0).Select(rule => rule.Code).Order()];
        Forced = [.. chosen.Where(rule => rule.IsForced && rule.Value.Length > 0).Select(rule => rule.Code).Order()];
    }

    /// <summary>What there is.</summary>
    public byte[] Codes { get; }

    /// <summary>What is sent whether it is asked for or not.</summary>
    public byte[] Forced { get; }

    /// <summary>A value; <c>null</c> where there is none, empty where it is not to be sent.</summary>
    public byte[]? this[byte code] => _values[code];

    /// <summary>Chooses among rules: what has conditions goes before what has none, and of equals the later one.</summary>
    public static OptionSet Choose(IEnumerable<OptionRule> rules, Dhcpv4Subnet subnet, Reservation? reservation, ClientTags tags)
    {
        var chosen = new Dictionary<byte, OptionRule>();
        foreach (var rule in rules)
        {
            if (rule.Holds(subnet.Id, reservation?.Port.Id, tags) && (rule.IsConditional || !(chosen.GetValueOrDefault(rule.Code)?.IsConditional ?? false)))
            {
                chosen[rule.Code] = rule;
            }
        }

        return new([.. chosen.Values], subnet.ServerIdentifier.GetAddressBytes());
    }

    private static byte[] WithOwnAddress(byte[] value, byte[] ownAddress)
    {
        var copy = (byte[])value.Clone();
        for (var i = 0; i + ownAddress.Length <= copy.Length; i += ownAddress.Length)
        {
            if (!copy.AsSpan(i, ownAddress.Length).ContainsAnyExcept((byte)0))
            {
                ownAddress.CopyTo(copy, i);
            }
        }

        return copy;
    }
}
