namespace DhcpHost.Http.Answers;

/// <summary>A hard limit.</summary>
/// <param name="Name">Its key in the table <c>[limits]</c>.</param>
/// <param name="Value">What it allows: a number, or a time in seconds.</param>
/// <param name="Unit"><c>s</c> or <c>bytes</c>; <c>null</c> for a plain number.</param>
/// <param name="Used">How much of it is in use now, where that can be told.</param>
public sealed record LimitUse(string Name, double Value, string? Unit, double? Used);
