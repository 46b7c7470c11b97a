namespace DhcpHost.Core.Engine;

/// <summary>The deaths of a server that followed one another too closely.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastStart">The time stamp of the last start, or of the death where it was not started since.</param>
internal readonly record struct ServerDeaths(int Count, long LastStart);
