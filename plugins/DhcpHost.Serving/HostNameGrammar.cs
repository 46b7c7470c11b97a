using System.Buffers;

namespace DhcpHost.Serving;

/// <summary>Names that clients are told or that they tell: ASCII labels of letters, digits, <c>-</c> and <c>_</c>.</summary>
public static class HostNameGrammar
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What is wrong with a name, with or without its final dot, and what cures it; <c>null</c> for nothing.</summary>
    public static string? FindFault(string name)
    {
        var text = name.EndsWith('.') ? name.AsSpan(0, name.Length - 1) : name;
        if (text.IsEmpty || text.Length > MaxName)
        {
            return $"a name has 1 to {MaxName} characters";
        }

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > MaxLabel || label.ContainsAnyExcept(LabelCharacters))
            {
                return $"it is no host name; give it one of ASCII letters, digits, '-' and '_' in labels of at most {MaxLabel} characters";
            }
        }

        return null;
    }

    /// <summary>Whether octets from a client are such a name.</summary>
    public static bool IsName(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || octets.Length > MaxName)
        {
            return false;
        }

        var label = 0;
        foreach (var octet in octets)
        {
            var c = (char)octet;
            label = c == '.' && label > 0 ? 0 : label + 1;
            if ((c != '.' && !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) || label > MaxLabel || (c == '.' && label > 0))
            {
                return false;
            }
        }

        return label > 0;
    }
}
