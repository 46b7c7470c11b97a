using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

internal static partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    // 434 and 424 on every architecture (the unified table of Linux 5.x).
    internal static FileDescriptor pidfd_open(int pid) => new((int)syscall(434, pid, 0, 0, 0));

    internal static int pidfd_send_signal(FileDescriptor pidfd, int signal) => (int)syscall(424, pidfd.Number, signal, 0, 0);

    /// <summary>Of the calling thread; no C library of these years has a function for it.</summary>
    internal static unsafe int sched_setattr(SchedulingAttributes* attributes) =>
        (int)syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 314 : 274, 0, (nint)attributes, 0, 0);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int getpriority(int which, uint who);

    [LibraryImport(Library)]
    internal static partial int malloc_trim(nuint pad);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int madvise(nint address, nuint length, int advice);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int waitid(int type, uint id, byte* signalInfo, int options);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int prlimit64(int pid, int resource, ulong* newLimit, ulong* oldLimit);

    // The posix_spawn family returns the error number and leaves errno alone.
    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn(int* pid, byte* path, byte* fileActions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport(Library)]
    internal static unsafe partial int sigfillset(byte* signals);

    [LibraryImport(Library)]
    internal static unsafe partial int sigemptyset(byte* signals);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_addopen(byte* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newFd);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_addchdir_np(byte* actions, byte* path);

    [LibraryImport(Library)]
    internal static unsafe partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;
    internal const int P_PIDFD = 3;
    internal const int PRIO_PROCESS = 0;
    internal const int WEXITED = 4;
    internal const int WNOHANG = 1;
    internal const int RLIMIT_DATA = 2;
    internal const int RLIMIT_CORE = 4;
    internal const int RLIMIT_NOFILE = 7;
    internal const int RLIMIT_AS = 9;
    internal const int SIGKILL = 9;
    internal const int SIGTERM = 15;
}
