using System.Text.Json;

namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>A call or cast to an agent, as oslo.messaging's dispatcher understands it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments by name; an object.</param>
/// <param name="UniqueId">By which a second delivery is known; <c>null</c> where the sender gave none.</param>
internal sealed record OsloCast(string Method, JsonElement Arguments, string? UniqueId)
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}"u8);

    /// <exception cref="MalformedMessageException">It is none.</exception>
    public static OsloCast Read(ReadOnlySpan<byte> body)
    {
        var message = OsloMessage.Open(body);
        var method = OsloMessage.Text(message, "method");
        if (string.IsNullOrEmpty(method))
        {
            throw new MalformedMessageException("method is missing");
        }

        if (OsloMessage.Text(message, "namespace") is { Length: > 0 } ns)
        {
            throw new MalformedMessageException($"the namespace '{OsloMessage.Shown(ns)}' is not the DHCP agent's");
        }

        // An agent has version 1.0 of the interface, and newer servers have kept to it.
        if (OsloMessage.Text(message, "version") is { } version && !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new MalformedMessageException($"the version '{OsloMessage.Shown(version)}' of the interface is not 1.x");
        }

        var arguments = NoArguments;
        if (message.TryGetProperty("args", out var args) && args.ValueKind != JsonValueKind.Null)
        {
            arguments = args.ValueKind == JsonValueKind.Object ? args : throw new MalformedMessageException($"args is of type {args.ValueKind}, not an object");
        }

        return new(method, arguments, OsloMessage.Text(message, "_unique_id"));
    }
}
