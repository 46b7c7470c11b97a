using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>The heap of native code in this process: the runtime's, SQLite's.</summary>
public static class NativeHeap
{
    /// <summary>Returns its free pages to the kernel (malloc_trim(3)); nothing where the C library has no such call.</summary>
    public static void Trim()
    {
        try
        {
            _ = Libc.malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl.
        }
    }
}
