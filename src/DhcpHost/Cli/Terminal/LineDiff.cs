namespace DhcpHost.Cli.Terminal;

/// <summary>The difference of two texts by lines, with little context, as <c>diff -u</c> shows it.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    // Beyond it, all lines of both: the table would grow with their product.
    private const long MaxCells = 4_000_000;

    /// <summary>A line with '+', '-', ' ' or, for lines left out, '…'.</summary>
    public readonly record struct Line(char Mark, string Text);

    public static IReadOnlyList<Line> Of(string before, string after)
    {
        var (old, @new) = (Split(before), Split(after));
        return Shorten((long)old.Length * @new.Length > MaxCells
            ? [.. old.Select(text => new Line('-', text)), .. @new.Select(text => new Line('+', text))]
            : Compare(old, @new));
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    // The longest common subsequence, by the textbook.
    private static List<Line> Compare(string[] old, string[] @new)
    {
        var common = new int[old.Length + 1, @new.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = @new.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == @new[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<Line>();
        for (int i = 0, j = 0; i < old.Length || j < @new.Length;)
        {
            if (i < old.Length && j < @new.Length && old[i] == @new[j])
            {
                lines.Add(new(' ', old[i++]));
                j++;
            }
            else if (j == @new.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(new('-', old[i++]));
            }
            else
            {
                lines.Add(new('+', @new[j++]));
            }
        }

        return lines;
    }

    private static List<Line> Shorten(List<Line> lines)
    {
        var shown = new List<Line>();
        for (var i = 0; i < lines.Count; i++)
        {
            var isNear = lines.Skip(Math.Max(0, i - Context)).Take(Math.Min(i, Context) + 1 + Context).Any(line => line.Mark != ' ');
            if (isNear)
            {
                shown.Add(lines[i]);
            }
            else if (shown.Count == 0 || shown[^1].Mark != '…')
            {
                shown.Add(new('…', ""));
            }
        }

        return shown;
    }
}
