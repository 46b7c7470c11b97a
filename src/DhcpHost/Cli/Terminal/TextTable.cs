using Spectre.Console;

namespace DhcpHost.Cli.Terminal;

/// <summary>Rows under column heads. The last column alone may hold long text: it is broken on a terminal and left whole in a pipe.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const string Gap = "  ";

    // Around each cell a blank on both sides, and lines between them.
    private const int CellFrame = 3;
    private const int LeastText = 24;

    private readonly List<Cell[]> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Columns that a narrow terminal can do without, the first ones first.</summary>
    public IReadOnlyList<string> Expendable { get; init; } = [];

    public void Add(params Cell[] row) => _rows.Add(row);

    /// <summary>Columns with two blanks between them, under heads in capitals.</summary>
    public void WritePlain(TextWriter writer)
    {
        var rows = _rows.Select(row => row.Select(cell => cell.Shown).ToArray())
            .Prepend([.. heads.Select(head => head.ToUpperInvariant().Replace(' ', '_'))])
            .ToList();
        var widths = heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            writer.Write(string.Join(Gap, row.Select((text, column) => column == row.Length - 1 ? text : text.PadRight(widths[column]))).TrimEnd());
            writer.Write('\n');
        }
    }

    /// <summary>A drawn table that fits a terminal.</summary>
    public Table ToSpectre(bool isColoured, int width)
    {
        var columns = Fit(width, out var isTight);
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = StyleOf(Tone.Muted) };
        foreach (var column in columns)
        {
            // Names and addresses stay whole where there is room at all; the text at the end gives way.
            _ = table.AddColumn(new TableColumn(new Text(heads[column], StyleOf(Tone.Strong))) { NoWrap = !isTight && column < heads.Length - 1 });
        }

        foreach (var row in _rows)
        {
            _ = table.AddRow(
                columns.Select(column => row[column]).Select(cell => new Text(cell.Shown, StyleOf(string.IsNullOrEmpty(cell.Text) ? Tone.Muted : cell.Tone))));
        }

        return table;

        Style StyleOf(Tone tone) => isColoured ? CliConsole.StyleOf(tone) : Style.Plain;
    }

    private List<int> Fit(int width, out bool isTight)
    {
        var widths = heads.Select((head, column) => _rows.Select(row => row[column].Shown.Length).Append(head.Length).Max()).ToArray();
        widths[^1] = Math.Min(widths[^1], LeastText);
        var columns = Enumerable.Range(0, heads.Length).ToList();
        foreach (var head in Expendable)
        {
            if (Total() <= width)
            {
                break;
            }

            _ = columns.Remove(Array.IndexOf(heads, head));
        }

        isTight = Total() > width;
        return columns;

        int Total() => columns.Sum(column => widths[column] + CellFrame) + 1;
    }
}
