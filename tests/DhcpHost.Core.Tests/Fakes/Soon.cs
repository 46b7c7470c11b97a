using System.Runtime.CompilerServices;
using DhcpHost.Testing;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary><see cref="Eventually"/> with the test's own token.</summary>
internal static class Soon
{
    public static Task TrueAsync(Func<bool> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.TrueAsync(condition, deadline, TestContext.Current.CancellationToken, what);
}
