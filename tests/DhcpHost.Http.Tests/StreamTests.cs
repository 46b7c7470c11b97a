using System.Net;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Http.Tests;

public sealed class StreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_AreListedTheNewestFirst()
    {
        await using var fixture = await ServerFixture.StartAsync();
        Record(fixture, "a", "b", "a");
        Assert.Equal([3, 2], Sequences(await fixture.GetAsync("/v1/events?count=2")));
        Assert.Equal([3, 1], Sequences(await fixture.GetAsync("/v1/events?network=a")));
    }

    [Fact]
    public async Task Events_Followed_StartWithThePastAndMissNothing()
    {
        await using var fixture = await ServerFixture.StartAsync();
        Record(fixture, "a", "b", "a");
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true&count=2");
        Assert.Contains("\"sequence\":2", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Assert.Contains("\"sequence\":3", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Record(fixture, "c");
        Assert.Contains("\"sequence\":4", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_FollowedForANetwork_AreItsAlone()
    {
        await using var fixture = await ServerFixture.StartAsync();
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true&network=a");
        Record(fixture, "b", "a");
        Assert.Contains("\"sequence\":2", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_AsServerSentEvents_GoOnAfterTheLastThatWasSeen()
    {
        await using var fixture = await ServerFixture.StartAsync();
        Record(fixture, "a", "b", "c");
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true", request =>
        {
            request.Headers.Accept.ParseAdd("text/event-stream");
            request.Headers.Add("Last-Event-ID", "2");
        });
        Assert.Equal("id: 3", await reader.ReadLineAsync(Token));
        Assert.StartsWith("data: {\"sequence\":3,", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync(Token));
    }

    [Fact]
    public async Task Follower_ThatIsCut_IsForgotten()
    {
        await using var fixture = await ServerFixture.StartAsync(options => options.Followers = 1);
        using (await OpenAsync(fixture, "/v1/events?follow=true"))
        {
            Assert.Equal(1, fixture.Events.Followers);
        }

        await Eventually.TrueAsync(() => fixture.Events.Followers == 0, cancellationToken: Token);
        // Its slot is free again as well.
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await fixture.Client.GetAsync("/v1/networks?watch=true", HttpCompletionOption.ResponseHeadersRead, Token);
                return response.StatusCode == HttpStatusCode.OK;
            },
            cancellationToken: Token);
    }

    [Fact]
    public async Task Followers_BeyondTheLimit_AreRefusedByItsName()
    {
        await using var fixture = await ServerFixture.StartAsync(options => options.Followers = 1);
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true");
        using var response = await fixture.Client.GetAsync("/v1/networks?watch=true", Token);
        Assert.Contains("management.followers", (await ServerFixture.ProblemOfAsync(response)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follower_OfASilentHost_GetsSignsOfLife()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await ServerFixture.StartAsync(timeProvider: time);
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true");
        var line = reader.ReadLineAsync(Token).AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return line.IsCompleted;
            },
            cancellationToken: Token);
        Assert.Equal("", await line);
    }

    [Fact]
    public async Task Networks_Watched_AreAllFirstAndThenTheirChanges()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("a"), ServerFixture.StatusOf("b")];
        using var reader = await OpenAsync(fixture, "/v1/networks?watch=true");
        Assert.Contains("\"id\":\"a\"", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"b\"", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        fixture.Engine.Publish(ServerFixture.StatusOf("b", NetworkPhase.Retrying));
        Assert.Contains("\"phase\":\"retrying\"", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_EndsFollowersAtOnce()
    {
        await using var fixture = await ServerFixture.StartAsync();
        using var reader = await OpenAsync(fixture, "/v1/events?follow=true");
        await fixture.Server.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(4), TimeProvider.System, Token);
        try
        {
            Assert.Null(await reader.ReadLineAsync(Token));
        }
        catch (IOException)
        {
            // Cut rather than ended: as good.
        }

        Assert.Equal(0, fixture.Events.Followers);
    }

    private static async Task<StreamReader> OpenAsync(ServerFixture fixture, string path, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        configure?.Invoke(request);
        var response = await fixture.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new(await response.Content.ReadAsStreamAsync(Token));
    }

    private static void Record(ServerFixture fixture, params string[] networks)
    {
        foreach (var network in networks)
        {
            fixture.Events.Record(new() { Time = default, Severity = EventSeverity.Info, Kind = "test.x", NetworkId = new(network), Message = "m" });
        }
    }

    private static IEnumerable<int> Sequences(System.Text.Json.JsonElement events) =>
        events.EnumerateArray().Select(item => item.GetProperty("sequence").GetInt32());
}
