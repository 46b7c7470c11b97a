using System.Text;
using Spectre.Console;

namespace DhcpHost.Cli.Terminal;

/// <summary>Writes whole lines above what Spectre draws at the bottom of the terminal. Thread-safe.</summary>
internal sealed class LinesAbove(IAnsiConsole console) : TextWriter
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        string lines;
        lock (_lock)
        {
            _ = _line.Append(buffer);
            var text = _line.ToString();
            var end = text.LastIndexOf('\n') + 1;
            lines = text[..end];
            _ = _line.Remove(0, end);
        }

        if (lines.Length > 0)
        {
            // As they are: they may carry the log's own colours.
            console.Write(new ControlCode(lines));
        }
    }

    /// <summary>What came without the end of its line.</summary>
    public void WriteRest(TextWriter writer)
    {
        lock (_lock)
        {
            writer.Write(_line.ToString());
            _ = _line.Clear();
        }
    }
}
