using System.Runtime.InteropServices;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Hosting;

/// <summary>
/// Gives back what is held and not needed: reading, binding and planning all networks at once leaves a heap several times as large as what stays, code that
/// was compiled once leaves its compiler's memory, and each page of an assembly that was ever looked at stays mapped.
/// </summary>
/// <param name="resident">The bytes that are held now.</param>
/// <param name="release">Gives back what can be given back.</param>
/// <param name="time">Runs the rests.</param>
internal sealed class ResidentMemory(Func<long> resident, Action release, TimeProvider time)
{
    /// <summary>What the host may have grown by since it last gave memory back.</summary>
    public const long Growth = 8 << 20;

    /// <summary>The rest after the first time: by then the code of the first sync that is called often was compiled thoroughly.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromSeconds(10);

    /// <summary>Each rest is twice as long as the one before, up to this.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromMinutes(1);

    /// <summary>Where the frameworks are, if not with the program: the runtime is one of them, in its directory's parent's parent.</summary>
    private static IEnumerable<string> Frameworks =>
        RuntimeEnvironment.GetRuntimeDirectory() is var runtime && Path.GetFullPath(runtime) == Path.GetFullPath(AppContext.BaseDirectory)
            ? []
            : [Path.GetFullPath("../..", runtime)];

    /// <summary>Of this process: pages of code, the managed heap, the native one.</summary>
    public static ResidentMemory OfThisProcess(TimeProvider time)
    {
        // What is never unloaded.
        var mapped = new MappedFiles([AppContext.BaseDirectory, .. Frameworks, "/usr/lib", "/lib"]);
        return new(
            () => Environment.WorkingSet,
            () =>
            {
                _ = mapped.Release();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                NativeHeap.Trim();
            },
            time);
    }

    /// <summary>Gives memory back now, and again after each rest in which the host has grown.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        release();
        var least = resident();
        for (var rest = RestMin; ; rest = rest * 2 < RestMax ? rest * 2 : RestMax)
        {
            await Task.Delay(rest, time, cancellationToken);
            if (resident() - least >= Growth)
            {
                release();
                least = resident();
            }
        }
    }
}
