namespace DhcpHost.Plugin.Neutron.Messaging.Calls;

/// <summary>
/// How long calls of a method wait for their answers. As upstream's (neutron-lib, <c>rpc.py</c>, <c>_BackingOffContextWrapper</c>), a timeout doubles
/// with each answer that does not come; unlike upstream's, it comes down again with those that do.
/// </summary>
internal sealed class CallTimeouts(TimeSpan initial, TimeSpan max)
{
    /// <summary>An answer may take so much longer than the last one did.</summary>
    private const int Slack = 3;

    /// <summary>A call that may be sent twice is sent again after this part of its timeout, unless its answers are known to take longer.</summary>
    private const int FirstPart = 6;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Method> _methods = new(StringComparer.Ordinal);

    private readonly record struct Method(TimeSpan Timeout, TimeSpan LastAnswer);

    /// <summary>How long to wait in all.</summary>
    public TimeSpan Of(string method)
    {
        lock (_lock)
        {
            return Find(method).Timeout;
        }
    }

    /// <summary>How long to wait before an idempotent call is sent again.</summary>
    public TimeSpan FirstOf(string method, TimeSpan timeout)
    {
        lock (_lock)
        {
            return Min(timeout, Max(timeout / FirstPart, Find(method).LastAnswer * Slack));
        }
    }

    /// <summary>An answer came.</summary>
    public void Answered(string method, TimeSpan after)
    {
        lock (_lock)
        {
            var known = Find(method);
            _methods[method] = new(Min(known.Timeout, Max(initial, after * Slack)), after);
        }
    }

    /// <summary>None came within that time; it counts only if it was as long as the method's own.</summary>
    public void TimedOut(string method, TimeSpan after)
    {
        lock (_lock)
        {
            var known = Find(method);
            if (after >= known.Timeout)
            {
                _methods[method] = known with { Timeout = Min(known.Timeout * 2, max) };
            }
        }
    }

    private Method Find(string method) => _methods.GetValueOrDefault(method, new(initial, TimeSpan.Zero));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
