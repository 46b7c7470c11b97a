using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>Collects what is left out of a server's configuration; each thing once, however many files it would have been in.</summary>
public sealed class RefusalList
{
    private readonly HashSet<Refusal> _seen = [];
    private readonly List<Refusal> _refusals = [];

    /// <summary>Notes a part that is left out.</summary>
    public void Add(string subject, string reason)
    {
        var refusal = new Refusal(subject, reason);
        if (_seen.Add(refusal))
        {
            _refusals.Add(refusal);
        }
    }

    /// <summary>What was left out, in the order in which it was noted.</summary>
    public EquatableArray<Refusal> ToArray() => _refusals.ToEquatableArray();

    /// <summary>Text from outside, fit for a message: short, on one line, in quotes.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int longest = 80;
        var quoted = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, longest)))
        {
            _ = char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? quoted.Append($"\\u{(int)c:x4}") : quoted.Append(c);
        }

        return quoted.Append(text.Length > longest ? "…'" : "'").ToString();
    }
}
