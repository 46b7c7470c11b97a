namespace DhcpHost.Http.Answers;

/// <summary>Why a request was not done, as <c>application/problem+json</c> (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>The kind of problem, for programs: <c>urn:dhcphost:problem:no-such-network</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What did not work, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The cause.</summary>
    public string? Detail { get; init; }

    /// <summary>What to do.</summary>
    public string? Cure { get; init; }

    /// <summary>A problem whose type is one of DhcpHost's.</summary>
    public static Problem Of(int status, string type, string title, string? detail = null, string? cure = null) =>
        new() { Type = $"urn:dhcphost:problem:{type}", Title = title, Status = status, Detail = detail, Cure = cure };
}
