using System.Globalization;
using System.Text;
using Quartz;

namespace DhcpHost.Scheduling.Definition;

/// <summary>When a job runs: an interval, or a cron expression in a time zone. Equal schedules have the same times.</summary>
public sealed record JobSchedule
{
    private JobSchedule()
    {
    }

    /// <summary>As written.</summary>
    public required string Text { get; init; }

    /// <summary>What becomes of missed times.</summary>
    public required MisfireRule Misfire { get; init; }

    /// <summary>The interval; <c>null</c> for a cron expression.</summary>
    public TimeSpan? Interval { get; private init; }

    private string? Cron { get; init; }

    private CronFormat Format { get; init; }

    private string? ZoneId { get; init; }

    /// <summary>A schedule of equal intervals.</summary>
    public static JobSchedule Every(TimeSpan interval, MisfireRule misfire) =>
        new() { Text = $"every {Write(interval)}", Interval = interval, Misfire = misfire };

    /// <summary>A schedule by calendar.</summary>
    /// <param name="expression">5 fields as in <c>crontab(5)</c>, or 6 with the second first.</param>
    /// <param name="zone">Where its times are meant.</param>
    /// <param name="misfire">What becomes of missed times.</param>
    /// <param name="now">A time that has to be followed by one of the expression.</param>
    /// <exception cref="FormatException">It is no such expression, or no day fits it.</exception>
    public static JobSchedule FromCron(string expression, TimeZoneInfo zone, MisfireRule misfire, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(zone);
        var fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var format = fields.Length switch
        {
            5 => CronFormat.Unix,
            6 => CronFormat.Quartz,
            var count => throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"must have 5 fields (minute hour day month weekday) or 6 (second first), has {count}")),
        };
        var cron = string.Join(' ', fields);
        if (CronExpression.Parse(cron, format).WithTimeZone(zone).GetNextValidTimeAfter(now) is null)
        {
            throw new FormatException("no day ever fits it");
        }

        return new() { Text = expression, Cron = cron, Format = format, ZoneId = zone.Id, Misfire = misfire };
    }

    internal IScheduleBuilder ToQuartz() => Interval is { } interval
        ? SimpleScheduleBuilder.Create().WithInterval(interval).RepeatForever().WithMisfireInstruction(Misfire == MisfireRule.RunOnce
            ? SimpleTriggerMisfireInstruction.NowWithRemainingCount
            : SimpleTriggerMisfireInstruction.NextWithRemainingCount)
        : CronScheduleBuilder.Create(Cron!, Format)
            .InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(ZoneId!))
            .WithMisfireInstruction(Misfire == MisfireRule.RunOnce
            ? CronTriggerMisfireInstruction.FireAndProceed
            : CronTriggerMisfireInstruction.DoNothing);

    private static string Write(TimeSpan interval)
    {
        var text = new StringBuilder();
        foreach (var (count, unit) in new[]
        {
            (interval.Days, "d"),
            (interval.Hours, "h"),
            (interval.Minutes, "m"),
            (interval.Seconds, "s"),
            (interval.Milliseconds, "ms"),
        })
        {
            if (count != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return text.ToString();
    }
}
