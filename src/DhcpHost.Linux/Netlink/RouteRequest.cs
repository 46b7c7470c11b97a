using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Netlink;

/// <summary>One request of a batch: what it asks in words, and where its message lies in the buffer.</summary>
internal sealed record RouteRequest(string Operation, int Start, int Length, Errno Tolerated);
