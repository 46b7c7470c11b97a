using System.Text;
using Spectre.Console;

namespace DhcpHost.Cli.Terminal;

/// <summary>An output whose size is told, not asked of the terminal.</summary>
internal sealed class FixedOutput(TextWriter writer, bool isTerminal, int width, int height) : IAnsiConsoleOutput
{
    public TextWriter Writer => writer;

    public bool IsTerminal => isTerminal;

    public int Width => width;

    public int Height => height;

    public void SetEncoding(Encoding encoding)
    {
    }
}
