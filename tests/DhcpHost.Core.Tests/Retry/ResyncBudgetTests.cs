using DhcpHost.Core.Limits;
using DhcpHost.Core.Retry;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Retry;

public class ResyncBudgetTests
{
    [Fact]
    public void Over_any_minute_no_more_are_given_than_the_limit_and_the_wait_that_is_told_is_right()
    {
        var time = new FakeTimeProvider();
        var budget = new ResyncBudget(() => new LimitsOptions { ResyncsPerMinute = 2 }, time);
        Assert.True(budget.TryTake(out _));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(budget.TryTake(out _));
        Assert.False(budget.TryTake(out var wait));
        Assert.Equal(TimeSpan.FromSeconds(40), wait);
        time.Advance(wait);
        Assert.True(budget.TryTake(out _));
        Assert.False(budget.TryTake(out wait));
        Assert.Equal(TimeSpan.FromSeconds(20), wait);
    }
}
