using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Core.Reconciling;

/// <summary>What went wrong, classified.</summary>
/// <param name="Kind">What kind it is.</param>
/// <param name="Message">What it says, for an operator.</param>
/// <param name="Exception">The whole of it, where it was unexpected.</param>
/// <param name="Limit">The limit that refused, where one did.</param>
internal sealed record Failure(FailureKind Kind, string Message, Exception? Exception = null, string? Limit = null)
{
    public static Failure Of(Exception exception) => exception switch
    {
        LimitException limit => new(FailureKind.Limit, limit.Message, Limit: limit.Limit),
        DhcpHostException known => new(known.Kind, known.Message, known.Kind == FailureKind.Bug ? known : null),
        _ => new(FailureKind.Bug, $"{exception.GetType().Name}: {exception.Message}", exception),
    };
}
