using System.Text.Json;

namespace DhcpHost.Toml.Binding;

/// <summary>How a name in C# is written in TOML, and what an unknown one may have meant.</summary>
internal static class OptionKeys
{
    /// <summary>snake_case: <c>WorkersMax</c> is <c>workers_max</c>.</summary>
    public static string KeyOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>The path of properties (<c>Subnets[1].Gateway</c>) as keys.</summary>
    public static string PathOf(string members) => string.Join('.', members.Split('.').Select(part =>
    {
        var bracket = part.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? KeyOf(part) : KeyOf(part[..bracket]) + part[bracket..];
    }));

    /// <summary>The word most like a mistyped one; <c>null</c> where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var plain = Plain(word);
        var limit = Math.Max(1, plain.Length / 3);
        return plain.Length > 64
            ? null
            : known
                .Select(candidate => (Candidate: candidate, Distance: Distance(plain, Plain(candidate))))
                .Where(pair => pair.Distance <= limit)
                .OrderBy(pair => pair.Distance)
                .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
                .Select(pair => pair.Candidate)
                .FirstOrDefault();
    }

    private static string Plain(string word) => word.ToLowerInvariant().Replace('-', '_');

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (Damerau, restricted).</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}
