using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Http.Answers;

/// <summary>The answer of <c>GET /v1/networks/{id}</c>.</summary>
/// <param name="Status">How it is.</param>
/// <param name="Network">As its source tells; <c>null</c> where the source tells of it no more.</param>
public sealed record NetworkDetail(NetworkStatus Status, Network? Network);
