using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DhcpHost.Cli.Help;

/// <summary>The help of System.CommandLine, with examples, and at the root with the exit codes.</summary>
internal sealed class ExampleHelp : SynchronousCommandLineAction
{
    private const int Width = 110;

    private readonly HelpAction _help;

    public ExampleHelp(HelpAction help)
    {
        _help = help;
        _help.MaxWidth = Width;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is ExampleCommand { Examples: { Count: > 0 } examples })
        {
            output.Write("Examples:\n");
            var width = examples.Max(example => example.Line.Length);
            foreach (var (line, meaning) in examples)
            {
                output.Write($"  {line.PadRight(width)}  {meaning}\n");
            }

            output.Write('\n');
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            output.Write(
                """
                Exit codes:
                    0  done                            75  not now: a limit, a time-out, another host runs
                    1  failed; the message says why    77  no permission
                    2  wrong command line              78  host.toml is wrong or missing
                   69  no host is running             130  interrupted
                   70  a fault of dhcphost itself

                'dhcphost COMMAND --help' has examples of each command.


                """);
        }

        return code;
    }
}
