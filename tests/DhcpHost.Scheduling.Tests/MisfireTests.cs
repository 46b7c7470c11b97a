using System.Globalization;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Testing;

namespace DhcpHost.Scheduling.Tests;

/// <summary>What becomes of times that passed while nobody could run anything: a machine that slept, a clock that was set.</summary>
public sealed class MisfireTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missed_times_are_one_run_or_none_as_the_job_says()
    {
        var time = new ShiftedTimeProvider();
        await using var fixture = new SchedulerFixture(time);
        var runs = new Dictionary<string, int>();
        JobSpec[] jobs =
        [
            .. new[] { MisfireRule.RunOnce, MisfireRule.Skip }.SelectMany(rule => new[]
            {
                Spec($"every-{rule}", JobSchedule.Every(Hour, rule)),
                Spec($"cron-{rule}", JobSchedule.FromCron(Daily(time.GetUtcNow() + Hour), TimeZoneInfo.Utc, rule, time.GetUtcNow())),
            }),
            Spec("ticks", JobSchedule.Every(TimeSpan.FromSeconds(1), MisfireRule.Skip)),
        ];
        foreach (var job in jobs)
        {
            fixture.Scripts.Scripts[job.Name] = (_, _) =>
            {
                lock (runs)
                {
                    runs[job.Name] = runs.GetValueOrDefault(job.Name) + 1;
                }

                return Task.CompletedTask;
            };
        }

        await fixture.Scheduler.StartAsync(SchedulerFixture.Jobs(jobs), Token);

        time.Shift = 3.5 * Hour;
        await Eventually.TrueAsync(() => Count("every-RunOnce") > 0 && Count("cron-RunOnce") > 0, cancellationToken: Token);
        var ticks = Count("ticks");
        await Eventually.TrueAsync(() => Count("ticks") > ticks + 1, cancellationToken: Token);

        Assert.Equal((1, 1, 0, 0), (Count("every-RunOnce"), Count("cron-RunOnce"), Count("every-Skip"), Count("cron-Skip")));
        Assert.All(
            (await fixture.Scheduler.ListAsync(Token)).Where(status => status.Name != "ticks"),
            status => Assert.True(status.NextRun > time.GetUtcNow(), $"{status.Name} runs next at {status.NextRun}"));

        int Count(string name)
        {
            lock (runs)
            {
                return runs.GetValueOrDefault(name);
            }
        }
    }

    private static string Daily(DateTimeOffset time) => time.ToString("s m H '* * ?'", CultureInfo.InvariantCulture);

    private static JobSpec Spec(string name, JobSchedule schedule) => new() { Name = name, Script = name, Schedule = schedule };

    /// <summary>The system's time with a wall clock that was set forward.</summary>
    private sealed class ShiftedTimeProvider : TimeProvider
    {
        private long _shift;

        public TimeSpan Shift
        {
            set => Interlocked.Exchange(ref _shift, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _shift));
    }
}
