using Spectre.Console;

namespace DhcpHost.Cli.Terminal;

/// <summary>Where a command writes: tables for people on a terminal, plain columns in a pipe.</summary>
internal sealed class CliConsole
{
    private readonly CliEnvironment _environment;

    public CliConsole(CliEnvironment environment, bool isColoured)
    {
        _environment = environment;
        IsColoured = isColoured;
        Output = new AnswerWriter(environment.Output);
        Ansi = Create(environment.Output, environment.IsTerminal);
        ErrorAnsi = Create(environment.Error, environment.IsErrorTerminal);
    }

    /// <summary>Spectre's console on the output.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>Spectre's console on the diagnostics.</summary>
    public IAnsiConsole ErrorAnsi { get; }

    public bool IsTerminal => _environment.IsTerminal;

    public bool IsColoured { get; }

    public TextWriter Output { get; }

    public DateTimeOffset Now => _environment.TimeProvider.GetUtcNow();

    /// <summary>Colours of the sixteen that every terminal has, so that they suit the operator's own scheme.</summary>
    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Muted => new(Color.Grey),
        Tone.Strong => new(decoration: Decoration.Bold),
        Tone.Good => new(Color.Green),
        Tone.Warning => new(Color.Yellow),
        Tone.Bad => new(Color.Red),
        _ => Style.Plain,
    };

    /// <summary>A line of the answer.</summary>
    public void Line(params ReadOnlySpan<Cell> parts)
    {
        foreach (var part in parts)
        {
            Write(part);
        }

        Output.Write('\n');
    }

    /// <summary>A table, or on a pipe its columns.</summary>
    public void Show(TextTable table)
    {
        if (IsTerminal)
        {
            Ansi.Write(table.ToSpectre(IsColoured, Ansi.Profile.Width));
        }
        else
        {
            table.WritePlain(Output);
        }
    }

    /// <summary>JSON text on lines of its own, as it is.</summary>
    public void Json(string text)
    {
        Output.Write(text);
        Output.Write('\n');
        Output.Flush();
    }

    /// <summary>Something that is not the answer: a notice, a warning, an error with its cure.</summary>
    public void Note(Cell message, string? cure = null)
    {
        Write(_environment.Error, new("dhcphost: ", Tone.Muted), _environment.IsErrorTerminal);
        Write(_environment.Error, message, _environment.IsErrorTerminal);
        _environment.Error.Write('\n');
        if (cure is not null)
        {
            _environment.Error.Write($"          {PlainText.Of(cure)}\n");
        }
    }

    /// <summary>When something was or will be: <c>3 min ago</c> for people, RFC 3339 for programs.</summary>
    public string Moment(DateTimeOffset? moment) => moment is not { } time ? "-" : IsTerminal ? Span.Relative(time - Now) : Span.Absolute(time);

    private void Write(Cell part) => Write(Output, part, IsTerminal);

    // By hand, not by Spectre: that would break long lines, which the terminal does better.
    private void Write(TextWriter writer, Cell part, bool isTerminal)
    {
        var text = PlainText.Of(part.Text ?? "");
        writer.Write(isTerminal && IsColoured && part.Tone != Tone.Normal ? $"\u001b[{CodeOf(part.Tone)}m{text}\u001b[0m" : text);
    }

    private static string CodeOf(Tone tone) =>
        tone switch { Tone.Muted => "90", Tone.Strong => "1", Tone.Good => "32", Tone.Warning => "33", _ => "31" };

    private IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        return AnsiConsole.Create(new()
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isTerminal && IsColoured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = _environment.Width is { } width ? new FixedOutput(writer, isTerminal, width, 40) : new AnsiConsoleOutput(writer),
            Enrichment = new() { UseDefaultEnrichers = false },
        });
    }
}
