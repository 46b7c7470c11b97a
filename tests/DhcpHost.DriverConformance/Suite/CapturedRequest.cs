namespace DhcpHost.DriverConformance.Suite;

/// <summary>A request as it came to an upstream.</summary>
/// <param name="Method">GET, POST …</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">All headers, in their order.</param>
public sealed record CapturedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The values of a header, whatever its case.</summary>
    public IReadOnlyList<string> this[string name] =>
        [.. Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
}
