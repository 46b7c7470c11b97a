using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Answers;

/// <summary>The problems that requests meet.</summary>
internal static class Problems
{
    private const string IdGrammar = "An id has 1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit.";

    public static ProblemException BadId(string kind, string? text) =>
        new(Problem.Of(StatusCodes.Status400BadRequest, "bad-id", $"'{Shorten(text)}' is not a {kind} id", IdGrammar, "Check the spelling."));

    public static ProblemException BadValue(string name, string? text, string expected) =>
        new(Problem.Of(StatusCodes.Status400BadRequest, "bad-value", $"'{Shorten(text)}' is not a value of '{name}'", $"Expected: {expected}."));

    public static ProblemException BadBody(string detail) =>
        new(
            Problem.Of(
                StatusCodes.Status400BadRequest,
                "bad-body",
                "The body of the request cannot be read",
                detail,
                "Send JSON as docs/api.md describes, or no body at all."));

    public static ProblemException NoNetwork(NetworkId id) =>
        new(
            Problem.Of(
                StatusCodes.Status404NotFound,
                "no-such-network",
                $"There is no network '{id}'",
                "No source tells of it.",
                "'dhcphost networks' lists those that are known."));

    public static ProblemException NoPlugin(PluginId id) =>
        new(
            Problem.Of(
                StatusCodes.Status404NotFound,
                "no-such-plugin",
                $"There is no plugin '{id}'",
                "No folder of that name was found.",
                "'dhcphost plugins' lists those that are known."));

    public static ProblemException NoJob(string name) =>
        new(
            Problem.Of(
                StatusCodes.Status404NotFound,
                "no-such-job",
                $"There is no job '{Shorten(name)}'",
                "host.toml has no such table below [jobs].",
                "'dhcphost jobs' lists those that are known."));

    public static ProblemException NoLease(NetworkId id, string address) =>
        new(
            Problem.Of(
                StatusCodes.Status404NotFound,
                "no-such-lease",
                $"Network '{id}' has no lease of {address}",
                "It was never given, or has ended.",
                $"'dhcphost leases {id}' lists those that it has."));

    public static ProblemException TooManyFollowers(int limit) =>
        new(Problem.Of(
            StatusCodes.Status503ServiceUnavailable,
            "too-many-followers",
            "Too many clients follow the host",
            $"management.followers allows {limit} at once.",
            "End some of them, or raise the limit in host.toml."));

    public static ProblemException Refused(string message) =>
        new(Problem.Of(StatusCodes.Status429TooManyRequests, "limit", "A limit refuses it", message));

    public static Problem TooLarge(long limit) =>
        Problem.Of(
            StatusCodes.Status413PayloadTooLarge,
            "too-large",
            "The request is too large",
            $"limits.request_bytes allows {limit} bytes.",
            "Send less, or raise the limit in host.toml.");

    public static Problem TimedOut(TimeSpan limit) =>
        Problem.Of(
            StatusCodes.Status504GatewayTimeout,
            "timeout",
            "It took too long",
            $"Nothing answered within {limit.TotalSeconds:0.###} s (management.request_time).",
            "Look for the cause with 'dhcphost status' and 'dhcphost events', then try again.");

    public static Problem ReadOnlyEndpoint() =>
        Problem.Of(
            StatusCodes.Status403Forbidden,
            "read-only",
            "This endpoint takes no changes",
            "The TCP endpoint has no login; it only reads.",
            "Use the Unix socket, or set management.tcp_changes in host.toml.");

    public static Problem ForeignOrigin(string what) =>
        Problem.Of(
            StatusCodes.Status403Forbidden,
            "foreign-origin",
            "The request comes from elsewhere",
            what,
            "Use the address that management.tcp names, and no page of another site.");

    public static Problem Stopping() =>
        Problem.Of(StatusCodes.Status503ServiceUnavailable, "stopping", "The host is stopping", "It takes no more work.", "Try again when it runs.");

    public static Problem Bug() =>
        Problem.Of(
            StatusCodes.Status500InternalServerError,
            "bug",
            "The host met a fault of its own",
            "Nobody expected it; the host's log has the whole trace.",
            "Report it with that part of the log.");

    public static Problem NoPath(string method, string path) =>
        Problem.Of(StatusCodes.Status404NotFound, "no-such-path", $"There is no {method} {Shorten(path)}", null, "docs/api.md lists the paths of the API.");

    public static Problem NoMethod(string method, string path, string allowed) =>
        Problem.Of(StatusCodes.Status405MethodNotAllowed, "no-such-method", $"{method} is not for {Shorten(path)}", $"It takes {allowed}.");

    public static Problem Bad(int status, string message) => Problem.Of(status, "bad-request", "The request cannot be read", message);

    public static Problem Of(DhcpHostException failure) => failure.Kind switch
    {
        FailureKind.Gone => Problem.Of(StatusCodes.Status404NotFound, "gone", "It is not there", failure.Message),
        FailureKind.Conflict => Problem.Of(StatusCodes.Status409Conflict, "conflict", "Something stands in the way", failure.Message),
        FailureKind.Exhausted => Problem.Of(StatusCodes.Status409Conflict, "exhausted", "Nothing is left to give", failure.Message),
        FailureKind.Invalid => Problem.Of(StatusCodes.Status422UnprocessableEntity, "invalid", "It cannot be done as asked", failure.Message),
        FailureKind.Limit => Problem.Of(StatusCodes.Status429TooManyRequests, "limit", "A limit refuses it", failure.Message),
        FailureKind.Transient => Problem.Of(StatusCodes.Status503ServiceUnavailable, "transient", "It failed for now", failure.Message, "Try again."),
        _ => Bug(),
    };

    // What a client sent comes back in a message, but not without end.
    private static string Shorten(string? text) => text is { Length: > 80 } ? string.Concat(text.AsSpan(0, 80), "…") : text ?? "";
}
