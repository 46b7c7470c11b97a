namespace DhcpHost.Scripting.Compilation;

/// <summary>Text that instrumentation put into a line, so that a place in it can be told as the author knows it.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">Where it begins in the instrumented line, from 1.</param>
/// <param name="Length">How many characters longer the line became there.</param>
public sealed record ColumnShift(int Line, int Column, int Length);
