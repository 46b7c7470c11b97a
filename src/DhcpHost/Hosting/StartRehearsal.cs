using DhcpHost.Core.State;
using DhcpHost.Logging;

namespace DhcpHost.Hosting;

/// <summary>
/// A start is bound by compiling, and its first quarter, which reads the command line and the configuration, keeps one processor busy. Meanwhile another
/// one does for nothing what comes next, so that it is compiled by then.
/// </summary>
internal static class StartRehearsal
{
    /// <summary>Whether it pays: for the daemon, where there is a processor to spare.</summary>
    public static bool IsFor(IReadOnlyList<string> args, int processors) => processors > 1 && args.Contains("run") && !args.Contains("jobs");

    /// <summary>Begins on a thread of its own.</summary>
    /// <returns>The thread, for the end of the process: native libraries must not be torn down beneath it.</returns>
    public static Thread Begin()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "rehearsal" };
        thread.UnsafeStart();
        return thread;
    }

    private static void Run()
    {
        try
        {
            using (var logging = new HostLogging(new(), LogEnvironment.Detect(), AppContext.BaseDirectory))
            {
                _ = logging.Factory.CreateLogger(nameof(StartRehearsal));
            }

            StateRehearsal.Run();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Nothing needs what this makes: what fails here fails again where it counts, and is told there.
        }
    }
}
