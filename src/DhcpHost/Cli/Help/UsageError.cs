using System.CommandLine;
using System.CommandLine.Parsing;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Help;

/// <summary>Says what is wrong with a command line, and what may have been meant.</summary>
internal static class UsageError
{
    private const int MaxDistance = 3;

    public static int Show(CliEnvironment environment, RootCommand root, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult).Reverse());
        var error = environment.Error;
        if (parsed.Tokens.Count == 0)
        {
            _ = root.Parse(["--help"]).Invoke(new() { Output = error, Error = error });
            return ExitCodes.Usage;
        }

        // A mistyped option is taken for an argument where there is room for one.
        var unmatched = parsed.Tokens.Where(token => token.Type == TokenType.Argument && token.Value is ['-', _, ..])
            .Select(token => token.Value)
            .Union(parsed.UnmatchedTokens)
            .ToList();
        if (unmatched.Count > 0)
        {
            foreach (var token in unmatched)
            {
                var kind = token.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
                error.Write($"dhcphost: '{Terminal.PlainText.Of(token)}' is no {kind} of '{path}'\n");
                if (Nearest(token, command, root) is { } nearest)
                {
                    error.Write($"          did you mean '{nearest}'?\n");
                }
            }
        }
        else
        {
            foreach (var failure in parsed.Errors)
            {
                error.Write($"dhcphost: {Terminal.PlainText.Of(failure.Message)}\n");
            }
        }

        error.Write($"          '{path} --help' says how it is used\n");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result)
    {
        for (var current = result; current is not null; current = current.Parent as CommandResult)
        {
            yield return current.Command is RootCommand ? "dhcphost" : current.Command.Name;
        }
    }

    private static string? Nearest(string token, Command command, RootCommand root)
    {
        var names = token.StartsWith('-')
            ? command.Options.Concat(root.Options)
                .SelectMany(option => option.Aliases.Append(option.Name))
                .Where(name => name.StartsWith("--", StringComparison.Ordinal))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        return names.Select(name => (Name: name, Distance: Distance(token, name)))
            .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Name.Length / 2))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    // Levenshtein's distance, row by row.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
