using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Core.Reconciling;

/// <summary>A hard limit refused something; nothing was begun.</summary>
internal sealed class LimitException(string limit, string message) : DhcpHostException(FailureKind.Limit, message)
{
    /// <summary>The limit's key in <c>[limits]</c>.</summary>
    public string Limit { get; } = limit;
}
