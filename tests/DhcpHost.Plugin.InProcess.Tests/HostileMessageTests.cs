using DhcpHost.Fuzz;

namespace DhcpHost.Plugin.InProcess.Tests;

/// <summary>The short form of <c>tests/DhcpHost.Fuzz</c>: the same messages in every run.</summary>
public sealed class HostileMessageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_messages_of_real_clients_break_nothing(int seed)
    {
        using var run = new FuzzRun(Path.Combine(AppContext.BaseDirectory, "Corpus"), seed);

        var (replies, _) = run.Run(50_000);

        Assert.InRange(replies, 1000, 50_000);
    }
}
