using System.CommandLine;

namespace DhcpHost.Cli.Help;

/// <summary>A command that knows its examples.</summary>
internal sealed class ExampleCommand(string name, string description, IReadOnlyList<(string Line, string Meaning)> examples) : Command(name, description)
{
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; } = examples;
}
