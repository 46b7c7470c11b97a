using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Times of leases as Kea has them: seconds, all ones for no end.</summary>
internal static class LeaseTimes
{
    public const uint Endless = uint.MaxValue;

    private const double RenewShare = 0.5;

    public static uint Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? Endless : (uint)Math.Clamp(time.TotalSeconds, 1, Endless - 1);

    /// <summary>The subnet with its lease time, and with T1 and T2: the site's, else those shares of the lease.</summary>
    public static KeaSubnet WithTimes(this KeaSubnet subnet, TimeSpan leaseTime, ServerOptions options, double rebindShare)
    {
        var isEndless = leaseTime == Timeout.InfiniteTimeSpan;
        return subnet with
        {
            ValidLifetime = Seconds(leaseTime),
            RenewTimer = Timer(options.RenewalTime),
            RebindTimer = Timer(options.RebindingTime),
            CalculateTeeTimes = !isEndless,
            RenewShare = isEndless ? null : RenewShare,
            RebindShare = isEndless ? null : rebindShare,
        };
    }

    private static uint? Timer(TimeSpan? time) => time is { } value && value > TimeSpan.Zero ? Seconds(value) : null;
}
