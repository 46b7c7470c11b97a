using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.Kea.Control;

/// <summary>What a server answered.</summary>
/// <param name="Result">How it went.</param>
/// <param name="Text">Kea's words.</param>
/// <param name="Arguments">What was asked for.</param>
internal sealed record ControlAnswer(int Result, string Text, JsonNode? Arguments)
{
    private const int Success = 0;
    private const int Unsupported = 2;
    private const int Empty = 3;

    public bool IsSuccess => Result == Success;

    /// <summary>The server does not know the command: the hook is not there.</summary>
    public bool IsUnsupported => Result == Unsupported;

    /// <summary>There is no such lease, or none at all.</summary>
    public bool IsEmpty => Result == Empty;
}
