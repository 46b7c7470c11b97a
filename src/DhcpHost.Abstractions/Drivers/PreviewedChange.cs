namespace DhcpHost.Abstractions.Drivers;

/// <summary>One thing that an apply would set.</summary>
/// <param name="Subject">A file's path, <c>command line</c>, or a thing of the kernel: <c>address 10.0.0.2/24 on tap1</c>.</param>
/// <param name="Before">What is there; <c>null</c> for nothing.</param>
/// <param name="After">What would be there; <c>null</c> for nothing.</param>
public sealed record PreviewedChange(string Subject, string? Before, string? After);
