using System.CommandLine;

namespace DhcpHost.Cli.Help;

/// <summary>A command with its examples.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Lines that a person may type, each with what it does.</param>
internal abstract class CliCommand(string name, string description, params (string Line, string Meaning)[] examples)
{
    /// <summary>Runs a command's action.</summary>
    public delegate Task<int> Runner(ParseResult arguments, Func<CommandScope, CancellationToken, Task<int>> action, CancellationToken cancellationToken);

    public string Name { get; } = name;

    /// <summary>Its subcommands.</summary>
    protected virtual IReadOnlyList<CliCommand> Subcommands => [];

    /// <summary>Adds the command to a parent.</summary>
    public void AddTo(Command parent, Runner runner)
    {
        var command = new ExampleCommand(Name, description, examples);
        Configure(command);
        foreach (var subcommand in Subcommands)
        {
            subcommand.AddTo(command, runner);
        }

        command.SetAction((arguments, cancellationToken) => runner(arguments, RunAsync, cancellationToken));
        parent.Add(command);
    }

    /// <summary>Adds the options and arguments.</summary>
    protected virtual void Configure(Command command)
    {
    }

    /// <summary>Does it.</summary>
    protected abstract Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken);
}
