namespace DhcpHost.Core.Policies;

/// <summary>What a policy decided, and who decided it.</summary>
/// <typeparam name="T">The decision.</typeparam>
/// <param name="Value">The decision.</param>
/// <param name="Origin">The script and the start of its hash (<c>pool-size.csx@1f2e3d4c</c>), or <c>built-in</c>.</param>
/// <param name="Problem">Why the newest script did not decide it, where it did not.</param>
public readonly record struct PolicyAnswer<T>(T Value, string Origin, string? Problem = null);
