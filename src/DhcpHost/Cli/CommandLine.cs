using System.CommandLine;
using System.CommandLine.Help;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Cli.Commands;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;

namespace DhcpHost.Cli;

/// <summary>The command line of <c>dhcphost</c>.</summary>
public sealed class CommandLine
{
    private readonly CliEnvironment _environment;
    private readonly RootCommand _root;

    /// <summary>Builds all commands.</summary>
    public CommandLine(CliEnvironment environment)
    {
        _environment = environment;
        _root = new("DhcpHost: runs a DHCP server for each network that it is told of, and keeps it so.")
        {
            GlobalOptions.Config, GlobalOptions.Socket, GlobalOptions.Json, GlobalOptions.NoColor,
        };
        foreach (var command in CommandList.All)
        {
            command.AddTo(_root, RunAsync);
        }

        foreach (var help in _root.Options.OfType<HelpOption>())
        {
            help.Action = new ExampleHelp((HelpAction)help.Action!);
        }
    }

    /// <summary>All commands, for tests and documentation.</summary>
    public RootCommand Root => _root;

    /// <summary>Runs a command of this process.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static Task<int> RunAsync(string[] args) => new CommandLine(new()).InvokeAsync(args, CancellationToken.None);

    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var parsed = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction and not ExampleHelp)
        {
            return UsageError.Show(_environment, _root, parsed);
        }

        return await parsed.InvokeAsync(
            new()
            {
                Output = _environment.Output,
                Error = _environment.Error,
                EnableDefaultExceptionHandler = false,
                // The daemon hears signals itself; System.CommandLine cancels every other command.
                ProcessTerminationTimeout = CommandList.IsDaemon(parsed.CommandResult.Command) ? null : TimeSpan.FromSeconds(10),
            },
            cancellationToken);
    }

    private async Task<int> RunAsync(ParseResult arguments, Func<CommandScope, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        using var scope = new CommandScope(_environment, arguments);
        try
        {
            return await action(scope, cancellationToken);
        }
        catch (CliException exception)
        {
            scope.Console.Note(new(exception.Message, Tone.Bad), exception.Cure);
            return exception.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (DhcpHostException exception) when (exception.Kind != FailureKind.Bug)
        {
            scope.Console.Note(new(exception.Message, Tone.Bad));
            return ExitCodes.Failure;
        }
        catch (Exception exception)
        {
            // The last boundary: the operator gets the whole trace, on the diagnostics alone, and a code that says whose fault it is.
            scope.Console.Note(new("a fault of its own:", Tone.Bad));
            await _environment.Error.WriteLineAsync(exception.ToString());
            return ExitCodes.Software;
        }
        finally
        {
            await _environment.Output.FlushAsync(CancellationToken.None);
        }
    }
}
