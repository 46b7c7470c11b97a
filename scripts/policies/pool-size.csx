// How many networks are reconciled at once. Asked again as load changes; limits.workers_min and limits.workers_max clamp the answer.
// Told: Networks, Pending, Running, CurrentSize, RecentLatency, RecentFailures, Cpus, Min, Max.

Decide(context =>
{
    // Reconciles mostly wait for the kernel and for servers: several times as many workers as processors, as long as there is work.
    var work = context.Pending + context.Running;
    return Math.Max(context.Min, Math.Min(work, context.Cpus * 8));
});
