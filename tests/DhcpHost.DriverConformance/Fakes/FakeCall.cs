using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>One call that the fake driver got.</summary>
/// <param name="Operation">What.</param>
/// <param name="Server">For which server; <c>null</c> where it was for all.</param>
public sealed record FakeCall(FakeOperation Operation, ServerKey? Server);
