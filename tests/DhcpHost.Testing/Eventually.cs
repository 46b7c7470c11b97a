using System.Runtime.CompilerServices;
using Xunit;

namespace DhcpHost.Testing;

/// <summary>Waits for what another thread or process brings about: asks again and again until it is so or the deadline is over.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>A minute: far beyond what anything here takes, so that a slow and loaded machine fails nothing.</summary>
    public static TimeSpan DefaultDeadline { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Fails the test if the condition has not come true by the deadline.</summary>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? deadline = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), deadline, cancellationToken, what);

    /// <summary>Fails the test if the condition has not come true by the deadline.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? deadline = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var limit = deadline ?? DefaultDeadline;
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
            {
                Assert.Fail($"Not so within {limit.TotalSeconds:0.#} s: {what}");
            }
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Returns the first value that is not null; fails the test if there is none by the deadline.</summary>
    public static async Task<T> NotNullAsync<T>(
        Func<Task<T?>> find, TimeSpan? deadline = null, CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(find))] string what = "")
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await find()) is not null, deadline, cancellationToken, what);
        return found!;
    }
}
