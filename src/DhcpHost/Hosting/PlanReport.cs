using DhcpHost.Core.Engine;

namespace DhcpHost.Hosting;

/// <summary>What <c>dhcphost plan</c> found.</summary>
/// <param name="Networks">What a reconcile of each network would do.</param>
/// <param name="Problems">What kept parts from being planned, one line each; a plan with problems is not whole.</param>
/// <param name="ExitCode"><see cref="ExitCodes.Success"/>, <see cref="ExitCodes.Failure"/> where there are problems, or <see cref="ExitCodes.Config"/>.</param>
public sealed record PlanReport(IReadOnlyList<NetworkPreview> Networks, IReadOnlyList<string> Problems, int ExitCode);
