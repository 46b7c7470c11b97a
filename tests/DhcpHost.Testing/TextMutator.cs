namespace DhcpHost.Testing;

/// <summary>Damages texts as editors, disks and people do: for fuzzing readers. The same seed gives the same damage.</summary>
public sealed class TextMutator(int seed)
{
    private const string Alphabet = "[]{}=.,\"'#\n\r\t ab09_-+:/\\\0\u001b\uFEFF\uD800éΩ";

    private readonly Random _random = new(seed);

    /// <summary>A copy with one to four damages.</summary>
    public string Mutate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var count = _random.Next(1, 5); count > 0; count--)
        {
            text = MutateOnce(text);
        }

        return text;
    }

    private string MutateOnce(string text)
    {
        var start = _random.Next(text.Length + 1);
        var length = Math.Min(_random.Next(1, 20), text.Length - start);
        return _random.Next(8) switch
        {
            0 => text.Remove(start, length),
            1 => text.Insert(start, Alphabet[_random.Next(Alphabet.Length)].ToString()),
            2 => text.Remove(start, Math.Min(1, length)).Insert(start, Alphabet[_random.Next(Alphabet.Length)].ToString()),
            3 => text.Insert(_random.Next(text.Length + 1), text.Substring(start, length)),
            4 => text[..start],
            5 => text.Insert(start, new string(Alphabet[_random.Next(Alphabet.Length)], _random.Next(1, 200))),
            6 => SwapLines(text),
            _ => ReplaceDigits(text),
        };
    }

    private string SwapLines(string text)
    {
        var lines = text.Split('\n');
        var (first, second) = (_random.Next(lines.Length), _random.Next(lines.Length));
        (lines[first], lines[second]) = (lines[second], lines[first]);
        return string.Join('\n', lines);
    }

    private string ReplaceDigits(string text)
    {
        var start = text.AsSpan(_random.Next(text.Length + 1)).IndexOfAnyInRange('0', '9');
        return start < 0 ? text : text.Remove(start, 1).Insert(start, _random.Next(2) == 0 ? "99999999999999999999" : "-1");
    }
}
