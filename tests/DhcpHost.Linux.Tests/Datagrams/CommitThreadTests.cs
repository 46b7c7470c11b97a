using DhcpHost.Linux.Datagrams;

namespace DhcpHost.Linux.Tests.Datagrams;

/// <summary>The work is done once for each start, never twice at a time, and whoever waits for it sees all of it.</summary>
public sealed class CommitThreadTests
{
    [Fact]
    public void Who_finishes_finds_the_work_done_and_told_however_soon_it_is_started_again()
    {
        const int rounds = 20_000;
        var done = 0;
        var told = 0;
        using var thread = new CommitThread("test-commit", () => done++);
        thread.OnDone(() => told++);
        for (var i = 1; i <= rounds; i++)
        {
            thread.Start();
            if (i % 2 == 0)
            {
                while (thread.IsBusy)
                {
                    Thread.SpinWait(10);
                }

                Assert.Equal(i, done);
            }
            else
            {
                thread.Finish();
                Assert.False(thread.IsBusy);
                Assert.Equal((i, i), (done, told));
            }
        }
    }

    [Fact]
    public void To_end_it_waits_for_the_work()
    {
        var isDone = false;
        using var mayEnd = new ManualResetEvent(false);
        var thread = new CommitThread("test-commit", () => isDone = mayEnd.WaitOne(TimeSpan.FromSeconds(10)));
        thread.Start();
        Assert.True(thread.IsBusy);
        _ = mayEnd.Set();

        thread.Dispose();
        thread.Dispose();

        Assert.True(isDone);
    }

    [Fact]
    public void An_urgent_one_runs_before_whoever_else_has_the_processor()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "it takes a right to run before others");
        string[] stat = [];
        using var thread = new CommitThread("test-urgent", () => stat = File.ReadAllText("/proc/thread-self/stat").Split(' '), isUrgent: true);
        thread.Start();
        thread.Finish();

        // The 12th field from the end is the policy: 1 is SCHED_FIFO (proc_pid_stat(5)). Other threads stay as they were.
        Assert.Equal("1", stat[^12]);
        Assert.Equal("0", File.ReadAllText("/proc/thread-self/stat").Split(' ')[^12]);
    }
}
