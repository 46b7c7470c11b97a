namespace DhcpHost.Cli.Terminal;

/// <summary>Names with their values, in two columns without lines.</summary>
internal sealed class FactSheet(CliConsole console)
{
    private readonly List<(string Name, Cell Value)> _facts = [];

    public void Add(string name, Cell value) => _facts.Add((name, value));

    public void Show()
    {
        var width = _facts.Max(fact => fact.Name.Length);
        foreach (var (name, value) in _facts)
        {
            console.Line(new(name.PadRight(width + 2), Tone.Muted), value with { Text = value.Shown });
        }
    }
}
