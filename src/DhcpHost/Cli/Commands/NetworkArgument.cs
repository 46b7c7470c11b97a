using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Cli.Commands;

/// <summary>Arguments that name a network.</summary>
internal static class NetworkArgument
{
    public static Argument<NetworkId?> Optional(string description) =>
        new("NETWORK") { Description = description, Arity = ArgumentArity.ZeroOrOne, CustomParser = Parse };

    public static Argument<NetworkId?> Required(string description) =>
        new("NETWORK") { Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = Parse };

    public static Option<NetworkId?> Option(string description) =>
        new("--network", "-n") { Description = description, HelpName = "NETWORK", CustomParser = Parse };

    private static NetworkId? Parse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
        {
            return null;
        }

        var text = result.Tokens[0].Value;
        if (NetworkId.TryParse(text, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        result.AddError($"'{text}' is not a network id: 1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit");
        return null;
    }
}
