using System.Net;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Control;
using DhcpHost.Plugin.Kea.Server;

namespace DhcpHost.Plugin.Kea.Leases;

/// <summary>Lists and ends leases: by command where a server runs with the hook, else by its file.</summary>
internal sealed class LeaseKeeper(KeaOptions options, TimeProvider timeProvider)
{
    /// <summary>The leases that count now.</summary>
    /// <param name="paths">The network's files.</param>
    /// <param name="family">Which of its servers.</param>
    /// <param name="isRunning">Whether that runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<KeaLease>> ListAsync(KeaPaths paths, KeaFamily family, bool isRunning, CancellationToken cancellationToken)
    {
        var leases = isRunning && File.Exists(paths.Socket(family)) ? await AskAsync(paths, family, cancellationToken) : null;
        var now = timeProvider.GetUtcNow();
        return [.. (leases ?? ServerFiles.ReadLeases(paths, family)).Where(lease => lease.IsCurrent(now))];
    }

    /// <summary>Ends a lease; false where there is none.</summary>
    /// <exception cref="DhcpHostException">The hook is not there, or Kea refuses.</exception>
    public async Task<bool> DeleteAsync(KeaPaths paths, KeaFamily family, IPAddress address, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["ip-address"] = address.ToString() }.ToJsonString();
        var answer = await SendAsync(paths, family, $"{family.LeaseCommand}-del", arguments, cancellationToken);
        return answer switch
        {
            { IsSuccess: true } => true,
            { IsEmpty: true } => false,
            { IsUnsupported: true } => throw new DhcpHostException(
                FailureKind.Invalid, $"{family} runs without libdhcp_lease_cmds.so and cannot end leases. Install Kea's hooks, or set "
                    + $"drivers.kea.hooks_directory."),
            _ => throw new DhcpHostException(FailureKind.Transient, $"{family} did not end the lease of {address}: {answer.Text}"),
        };
    }

    private Task<ControlAnswer> SendAsync(KeaPaths paths, KeaFamily family, string command, string? arguments, CancellationToken cancellationToken) =>
        ControlChannel.SendAsync(paths.Socket(family), command, arguments, options.CommandTimeout, timeProvider, cancellationToken);

    private async Task<IReadOnlyList<KeaLease>?> AskAsync(KeaPaths paths, KeaFamily family, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(paths, family, $"{family.LeaseCommand}-get-all", null, cancellationToken);
        if (answer.IsUnsupported)
        {
            return null;
        }

        if (answer is { IsSuccess: false, IsEmpty: false })
        {
            throw new DhcpHostException(FailureKind.Transient, $"{family} did not list its leases: {answer.Text}");
        }

        return [.. (answer.Arguments?["leases"] as JsonArray ?? []).OfType<JsonObject>().Select(Read).OfType<KeaLease>()];
    }

    private static KeaLease? Read(JsonObject lease)
    {
        string Text(string name) => lease[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
        long Number(string name) => lease[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;
        if (!IPAddress.TryParse(Text("ip-address"), out var address) || Text("type") is "IA_PD")
        {
            return null;
        }

        var lifetime = (uint)Math.Clamp(Number("valid-lft"), 0, uint.MaxValue);
        return new()
        {
            Address = address,
            HwAddress = Text("hw-address"),
            Identifier = Text(lease.ContainsKey("duid") ? "duid" : "client-id"),
            Hostname = Text("hostname"),
            Iaid = lease.ContainsKey("iaid") ? uint.CreateSaturating(Number("iaid")) : null,
            ValidLifetime = lifetime,
            Expires = Number("cltt") + lifetime,
            SubnetId = uint.CreateSaturating(Number("subnet-id")),
            State = (int)Number("state"),
        };
    }
}
