using DhcpHost.Plugins.Loading;

namespace DhcpHost.Plugins.Tests;

/// <summary>Whose exceptions are caught: a plugin's own, never the host's.</summary>
public sealed class UnhandledExceptionGuardTests
{
    [Fact]
    public void FindOwner_ExceptionOfTheHost_HasNoOwner() =>
        Assert.Null(UnhandledExceptionGuard.FindOwner(Caught(() => throw new InvalidOperationException())));

    [Fact]
    public void FindOwner_ExceptionOfTheFrameworkOnAHostThread_HasNoOwner() =>
        Assert.Null(UnhandledExceptionGuard.FindOwner(Caught(() => ArgumentException.ThrowIfNullOrEmpty(null))));

    [Fact]
    public void FindOwner_ExceptionThatNobodyThrew_HasNoOwner() => Assert.Null(UnhandledExceptionGuard.FindOwner(new InvalidOperationException()));

    private static Exception Caught(Action action) => Record.Exception(action)!;
}
