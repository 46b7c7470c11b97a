using DhcpHost.Core.State;
using DhcpHost.Hosting;

namespace DhcpHost.Tests;

public sealed class StartRehearsalTests
{
    [Theory]
    [InlineData("run", 2, true)]
    [InlineData("--config /etc/dhcphost/host.toml run", 2, true)]
    [InlineData("run", 1, false)]
    [InlineData("status", 2, false)]
    [InlineData("jobs run resync", 2, false)]
    [InlineData("", 2, false)]
    public void A_start_is_rehearsed_for_the_daemon_where_a_processor_is_free(string args, int processors, bool isRehearsed) =>
        Assert.Equal(isRehearsed, StartRehearsal.IsFor(args.Split(' ', StringSplitOptions.RemoveEmptyEntries), processors));

    [Fact]
    public void The_rehearsal_of_the_state_file_goes_through() => Assert.Null(Record.Exception(StateRehearsal.Run));
}
