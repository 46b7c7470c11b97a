using Spectre.Console;

namespace DhcpHost.Cli.Terminal;

/// <summary>Rows under column heads. The last column alone may hold long text: it is broken on a terminal and left whole in a pipe.</summary>
internal sealed class TextTable(params string[] heads)
{
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params Cell[] row) => _rows.Add(row);

    /// <summary>Columns with two blanks between them, under heads in capitals.</summary>
    public void WritePlain(TextWriter writer)
    {
        var rows = _rows.Select(row => row.Select(cell => cell.Shown).ToArray()).Prepend([.. heads.Select(head => head.ToUpperInvariant())]).ToList();
        var widths = heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            writer.Write(string.Join(Gap, row.Select((text, column) => column == row.Length - 1 ? text : text.PadRight(widths[column]))).TrimEnd());
            writer.Write('\n');
        }
    }

    /// <summary>A drawn table.</summary>
    public Table ToSpectre(bool isColoured)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = StyleOf(Tone.Muted) };
        foreach (var (head, index) in heads.Select((head, index) => (head, index)))
        {
            // Names and addresses stay whole where there is room at all; the text at the end gives way.
            _ = table.AddColumn(new TableColumn(new Text(head, StyleOf(Tone.Strong))) { NoWrap = index < heads.Length - 1 });
        }

        foreach (var row in _rows)
        {
            _ = table.AddRow(row.Select(cell => new Text(cell.Shown, StyleOf(string.IsNullOrEmpty(cell.Text) ? Tone.Muted : cell.Tone))));
        }

        return table;

        Style StyleOf(Tone tone) => isColoured ? CliConsole.StyleOf(tone) : Style.Plain;
    }
}
