using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Terminal;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Commands;

/// <summary>Networks on the terminal.</summary>
internal static class NetworkView
{
    public static TextTable TableOf(CliConsole console, IEnumerable<NetworkStatus> networks)
    {
        var table = new TextTable("Network", "Phase", "Since", "Subnets", "Ports", "Driver", "Name", "Message")
        {
            Expendable = ["Name", "Subnets", "Driver", "Ports", "Since"],
        };
        foreach (var network in networks)
        {
            table.Add(
                new Cell(network.Id.Value, Tone.Strong),
                Words.Phase(network.Phase),
                console.Moment(network.Since),
                network.Subnets,
                network.Ports,
                network.Drivers?.Dhcp.Value,
                // In a pipe, a column in the middle holds no blanks: programs split at them.
                console.IsTerminal ? network.Name : network.Name.Replace(' ', '_'),
                MessageOf(console, network));
        }

        return table;
    }

    public static void Show(CliConsole console, NetworkDetail detail)
    {
        var status = detail.Status;
        var sheet = new FactSheet(console);
        sheet.Add("network", new Cell(status.Name.Length > 0 ? $"{status.Id} ({status.Name})" : status.Id.Value, Tone.Strong));
        sheet.Add("phase", Words.Phase(status.Phase));
        sheet.Add("since", console.Moment(status.Since));
        if (MessageOf(console, status) is { } message)
        {
            sheet.Add("message", new Cell(message, status.Failure is null ? Tone.Normal : Tone.Bad));
        }

        sheet.Add("source", status.Source.Value);
        sheet.Add("in sync", status.IsInSync ? new Cell("yes") : new Cell("no, a newer revision waits", Tone.Warning));
        if (status.Drivers is { } drivers)
        {
            sheet.Add("drivers", $"{drivers.Interface}, {drivers.Dhcp}{(drivers.Metadata is { } metadata ? $", {metadata}" : "")}");
        }

        sheet.Add("last run", status.LastDuration is { } duration ? Span.Length(duration) : null);
        foreach (var subnet in detail.Network?.Subnets ?? [])
        {
            sheet.Add("subnet", Describe(subnet));
        }

        sheet.Add("ports", status.Ports);
        foreach (var server in status.Servers)
        {
            sheet.Add(server.SegmentId is { } segment ? $"server {segment}" : "server", Describe(server));
        }

        foreach (var refusal in status.Refusals)
        {
            sheet.Add("not served", new Cell($"{refusal.Subject}: {refusal.Reason}", Tone.Warning));
        }

        sheet.Show();
    }

    private static string? MessageOf(CliConsole console, NetworkStatus status) =>
        status.RetryAt is { } retry ? $"{status.Message} (attempt {status.FailedAttempts + 1} {console.Moment(retry)})" : status.Message;

    private static string Describe(Subnet subnet) =>
        $"{subnet.Cidr}{(subnet.GatewayIp is { } gateway ? $", gateway {gateway}" : "")}{(subnet.EnableDhcp ? "" : ", without DHCP")}";

    private static string Describe(ServerStatus server) =>
        string.Join(", ", new[]
        {
            server.Interface is { } binding ? $"{binding.Device} in {binding.Namespace}" : null,
            server.Interface is { Addresses.IsEmpty: false } addressed ? string.Join(" ", addressed.Addresses) : null,
            server.LastAction is { } action ? $"last {Words.Of(action)}" : null,
            server.HasMetadata ? "with metadata" : null,
        }.Where(part => part is not null));
}
