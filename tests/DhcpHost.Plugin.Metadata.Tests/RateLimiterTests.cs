using System.Net;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>The limits in time, as HAProxy's stick tables have them.</summary>
public sealed class RateLimiterTests
{
    private static readonly IPAddress Client = IPAddress.Parse("10.77.0.7");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_client_passes_as_often_as_the_lower_limit_says_and_again_when_its_window_is_over()
    {
        var limiter = new RateLimiter(new() { BaseQueryRateLimit = 10, BurstQueryRateLimit = 3, BurstWindowDuration = TimeSpan.FromSeconds(2) }, _time);

        Assert.Equal([true, true, true, false, false], Pass(limiter, 5));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([true, true, true, false], Pass(limiter, 4));

        // Nine requests in the base window by now, refused ones included.
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([true, false], Pass(limiter, 2));
    }

    [Fact]
    public void The_window_slides_what_was_before_counts_by_its_share()
    {
        var limiter = new RateLimiter(new() { BaseQueryRateLimit = 10, BurstQueryRateLimit = 1000 }, _time);
        Assert.DoesNotContain(false, Pass(limiter, 10));

        _time.Advance(TimeSpan.FromSeconds(15));

        // Five of the ten are still in the last ten seconds.
        Assert.Equal([true, true, true, true, true, false], Pass(limiter, 6));
    }

    [Fact]
    public void Clients_are_counted_apart_and_only_those_of_the_IP_versions_that_are_limited()
    {
        var limiter = new RateLimiter(new() { BaseQueryRateLimit = 1, IpVersions = [4] }, _time);

        Assert.Equal([true, false], Pass(limiter, 2));
        Assert.True(limiter.TryPass(IPAddress.Parse("10.77.0.8")));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(limiter.TryPass(IPAddress.Parse("fd77::7"))));
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_quiet_clients_are_forgotten()
    {
        var limiter = new RateLimiter(new(), _time);
        for (var i = 0; i < 20_000; i++)
        {
            _ = limiter.TryPass(new IPAddress(i));
        }

        Assert.Equal(10_000, limiter.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        _ = limiter.TryPass(Client);

        Assert.Equal(1, limiter.Count);
    }

    private static List<bool> Pass(RateLimiter limiter, int count) => [.. Enumerable.Range(0, count).Select(_ => limiter.TryPass(Client))];
}
