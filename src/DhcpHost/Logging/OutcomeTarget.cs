using NLog.Common;
using NLog.Targets;
using NLog.Targets.Wrappers;

namespace DhcpHost.Logging;

/// <summary>Tells of each line whether the target behind it took it: NLog itself says so to nobody.</summary>
internal sealed class OutcomeTarget : WrapperTargetBase
{
    private readonly Action<Exception?> _told;

    /// <param name="target">The target.</param>
    /// <param name="told">Called with the failure, or with <c>null</c>, on the thread that writes.</param>
    public OutcomeTarget(Target target, Action<Exception?> told)
    {
        (Name, WrappedTarget, _told) = ($"{target.Name}-outcome", target, told);
    }

    protected override void Write(AsyncLogEventInfo logEvent) => WrappedTarget!.WriteAsyncLogEvent(Watched(logEvent));

    protected override void Write(IList<AsyncLogEventInfo> logEvents)
    {
        var watched = new AsyncLogEventInfo[logEvents.Count];
        for (var i = 0; i < watched.Length; i++)
        {
            watched[i] = Watched(logEvents[i]);
        }

        WrappedTarget!.WriteAsyncLogEvents(watched);
    }

    private AsyncLogEventInfo Watched(AsyncLogEventInfo logEvent)
    {
        var next = logEvent.Continuation;
        return logEvent.LogEvent.WithContinuation(exception =>
        {
            _told(exception);
            next(exception);
        });
    }
}
