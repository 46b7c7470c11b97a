using DhcpHost.Plugin.Neutron.Messaging.Calls;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

public sealed class CallTimeoutsTests
{
    private readonly CallTimeouts _timeouts = new(Seconds(60), Seconds(600));

    [Fact]
    public void It_doubles_with_each_timeout_of_the_method_up_to_the_maximum()
    {
        foreach (var expected in new[] { 120, 240, 480, 600, 600 })
        {
            _timeouts.TimedOut("a", _timeouts.Of("a"));
            Assert.Equal(Seconds(expected), _timeouts.Of("a"));
        }

        Assert.Equal(Seconds(60), _timeouts.Of("b"));
    }

    [Fact]
    public void It_comes_down_when_answers_come_again_but_not_below_what_they_take()
    {
        for (var i = 0; i < 4; i++)
        {
            _timeouts.TimedOut("a", _timeouts.Of("a"));
        }

        _timeouts.Answered("a", Seconds(100));
        Assert.Equal(Seconds(300), _timeouts.Of("a"));
        _timeouts.Answered("a", Seconds(1));
        Assert.Equal(Seconds(60), _timeouts.Of("a"));
    }

    [Fact]
    public void A_timeout_that_a_caller_chose_changes_nothing_for_others()
    {
        _timeouts.TimedOut("a", Seconds(5));
        Assert.Equal(Seconds(60), _timeouts.Of("a"));
    }

    [Fact]
    public void An_idempotent_call_is_sent_again_after_a_sixth_of_its_time_or_later_where_answers_take_longer()
    {
        Assert.Equal(Seconds(10), _timeouts.FirstOf("a", Seconds(60)));
        _timeouts.Answered("a", Seconds(8));
        Assert.Equal(Seconds(24), _timeouts.FirstOf("a", Seconds(60)));
        _timeouts.Answered("a", Seconds(50));
        Assert.Equal(Seconds(60), _timeouts.FirstOf("a", Seconds(60)));
    }

    private static TimeSpan Seconds(double count) => TimeSpan.FromSeconds(count);
}
