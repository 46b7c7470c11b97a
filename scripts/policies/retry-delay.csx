// What follows a failed reconcile: another attempt after a delay, or quarantine. limits.retry_* clamp the answer.
// Told: NetworkId, Kind, Message, Attempt (from 1), Random (0 to 1), MinDelay, MaxDelay, MaxAttempts.

Decide(context =>
{
    if (context.Attempt > context.MaxAttempts)
    {
        return RetryDecision.Quarantine($"{context.Attempt} failures in a row");
    }

    // Twice as long each time, with jitter, so that networks that failed together do not come back together.
    var doubled = context.MinDelay * Math.Pow(2, Math.Min(context.Attempt - 1, 30));
    var delay = doubled < context.MaxDelay ? doubled : context.MaxDelay;
    return RetryDecision.After(delay * (0.75 + (context.Random / 2)));
});
