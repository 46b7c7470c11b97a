namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>What a script may not use.</summary>
/// <param name="Name">A namespace, a type or a member, by full name.</param>
/// <param name="InJobs">Whether job scripts may not either.</param>
/// <param name="Reason">Why, and what to do instead.</param>
internal sealed record RefusedCode(string Name, bool InJobs, string Reason)
{
    private const string Block = "it blocks the thread, which no deadline can end";
    private const string Pure = "a policy decides from its context alone, at once";
    private const string Kill = "it ends the host";
    private const string Unguarded = "what runs on a thread of its own escapes the deadline, and an exception there ends the host";
    private const string Reflection = "code made or called by reflection escapes the host's guard";
    private const string Delay = "await Task.Delay(time, Cancellation) instead";
    private const string Await = "await the task instead";

    /// <summary>All rules; the most specific name wins.</summary>
    public static IReadOnlyDictionary<string, RefusedCode> All { get; } = List().ToDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>Types in refused namespaces that are harmless.</summary>
    public static IReadOnlySet<string> Allowed { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "System.IO.Path", "System.IO.StringReader", "System.IO.StringWriter", "System.IO.TextReader", "System.IO.TextWriter", "System.IO.IOException",
        "System.IO.InvalidDataException", "System.Threading.CancellationToken", "System.Threading.Interlocked", "System.Threading.Volatile",
        "System.Threading.Timeout", "System.Reflection.MemberInfo",
    };

    private static IEnumerable<RefusedCode> List()
    {
        // Both kinds.
        yield return new("System.Threading.Thread", true, $"{Unguarded}; a job awaits instead");
        yield return new("System.Threading.Thread.Sleep", true, $"{Block}; a policy never waits, a job says {Delay}");
        yield return new("System.Threading.ThreadPool", true, $"{Unguarded}; a job uses Task.Run and awaits it");
        yield return new("System.Threading.Timer", true, $"{Unguarded}; a job is given its times in host.toml");
        yield return new("System.Threading.Monitor", true, $"{Block}; a job uses SemaphoreSlim.WaitAsync");
        yield return new("System.Threading.WaitHandle", true, $"{Block}; a job awaits instead");
        yield return new("System.Threading.EventWaitHandle", true, $"{Block}; a job awaits instead");
        yield return new("System.Threading.ManualResetEventSlim", true, $"{Block}; a job awaits a TaskCompletionSource");
        yield return new("System.Threading.CountdownEvent", true, $"{Block}; a job uses Task.WhenAll");
        yield return new("System.Threading.Barrier", true, $"{Block}; a job uses Task.WhenAll");
        yield return new("System.Threading.SpinWait", true, Block);
        yield return new("System.Threading.SemaphoreSlim.Wait", true, $"{Block}; a job uses WaitAsync");
        yield return new("System.Threading.Tasks.Task.Wait", true, $"{Block}; {Await}");
        yield return new("System.Threading.Tasks.Task.WaitAll", true, $"{Block}; await Task.WhenAll instead");
        yield return new("System.Threading.Tasks.Task.WaitAny", true, $"{Block}; await Task.WhenAny instead");
        yield return new("System.Threading.Tasks.Task.Result", true, $"{Block}; {Await}");
        yield return new("System.Threading.Tasks.ValueTask.Result", true, $"{Block}; {Await}");
        yield return new("System.Runtime.CompilerServices.TaskAwaiter.GetResult", true, $"{Block}; {Await}");
        yield return new("System.Runtime.CompilerServices.ValueTaskAwaiter.GetResult", true, $"{Block}; {Await}");
        yield return new("System.Collections.Concurrent.BlockingCollection", true, Block);
        yield return new("System.Environment.Exit", true, $"{Kill}; throw an exception to fail");
        yield return new("System.Environment.FailFast", true, $"{Kill}; throw an exception to fail");
        yield return new("System.Environment.SetEnvironmentVariable", true, "it changes the whole host");
        yield return new("System.Environment.CurrentDirectory", true, "it changes the whole host; use absolute paths");
        yield return new("System.Console", true, "the host's terminal is not a script's; a job uses Log, a policy's decisions are recorded by the host");
        yield return new("System.Diagnostics.Process", true, "children that the host does not know of are not stopped with it; write a driver plugin for that");
        yield return new("System.AppDomain", true, "it changes the whole host");
        yield return new("System.Runtime.Loader", true, Reflection);
        yield return new("System.Reflection", true, Reflection);
        yield return new("System.Activator", true, $"{Reflection}; use new");
        yield return new("System.Type.InvokeMember", true, Reflection);
        yield return new("System.Delegate.DynamicInvoke", true, $"{Reflection}; call the delegate");
        yield return new("System.Runtime.InteropServices", true, "native code can end the host; write a plugin for that");
        yield return new("System.Runtime.CompilerServices.Unsafe", true, "it can corrupt the host's memory");

        // Policies.
        yield return new("System.Threading", false, Pure);
        yield return new("System.Threading.Tasks", false, $"{Pure}: it cannot await anything");
        yield return new("System.Linq.ParallelEnumerable", false, $"{Unguarded}; use LINQ without AsParallel");
        yield return new("System.IO", false, $"{Pure}: it reads and writes no file; put constants into the script");
        yield return new("System.Net.Sockets", false, $"{Pure}: it uses no network");
        yield return new("System.Net.Http", false, $"{Pure}: it uses no network");
        yield return new("System.Net.Dns", false, $"{Pure}: it uses no network");
        yield return new("System.GC", false, "it stops the whole host");
        yield return new("Microsoft.Extensions.Logging", false, "a policy's decisions are recorded by the host");
    }
}
