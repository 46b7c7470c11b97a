using System.CommandLine;
using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Core.Engine;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>release</c>: end a lease.</summary>
internal sealed class ReleaseCommand() : CliCommand(
    "release",
    "End the lease of an address, so that it can be given to another client.",
    ("dhcphost release lab 10.0.0.17", "the client is not told: it must be gone, or it will go on using the address"))
{
    private readonly Argument<NetworkId?> _network = NetworkArgument.Required("The network.");
    private readonly Argument<string> _address = new("ADDRESS") { Description = "The address, as 'dhcphost leases' shows it." };

    protected override void Configure(Command command)
    {
        _address.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !IPAddress.TryParse(text, out _))
            {
                result.AddError($"'{text}' is no IP address");
            }
        });
        command.Add(_network);
        command.Add(_address);
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var path = $"/v1/networks/{scope.Get(_network)}/leases/{Uri.EscapeDataString(scope.Get(_address)!)}";
        var json = await scope.Client.SendAsync(HttpMethod.Delete, path, cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
        }
        else
        {
            scope.Console.Line(ManagementClient.Read<EngineAnswer>(json).Message);
        }

        return ExitCodes.Success;
    }
}
