using System.Runtime.InteropServices;
using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// The arguments of one posix_spawn(3), laid out in native memory beforehand so that inside a namespace nothing is left but the call.
/// </summary>
internal sealed unsafe class SpawnCall : IDisposable
{
    // glibc: posix_spawnattr_t has 336 bytes, posix_spawn_file_actions_t 80, sigset_t 128 on 64-bit machines.
    private const int StructureLength = 512;
    private const int NullOutputMode = 0;
    private const int OutputMode = 0x180; // 0600

    private readonly List<nint> _memory = [];
    private readonly SpawnSpec _spec;
    private readonly byte* _attributes;
    private readonly byte* _actions;
    private readonly byte* _program;
    private readonly byte** _arguments;
    private readonly byte** _environment;

    /// <summary>Lays out a call; <paramref name="output"/> and <paramref name="error"/> are descriptors to be the child's, or null.</summary>
    internal SpawnCall(SpawnSpec spec, FileDescriptor? output, FileDescriptor? error)
    {
        if (!spec.Program.StartsWith('/'))
        {
            throw new ArgumentException($"The program '{spec.Program}' is not an absolute path.", nameof(spec));
        }
        _spec = spec;
        _program = Text(spec.Program);
        _arguments = Array([spec.Program, .. spec.Arguments]);
        _environment = Array([.. spec.Environment.Select(e => $"{e.Key}={e.Value}")]);
        _attributes = Allocate(StructureLength);
        _actions = Allocate(StructureLength);
        SetAttributes();
        SetActions(output, error);
    }

    /// <summary>Starts the child in the calling thread's namespace and limits it; returns when it has executed the program.</summary>
    /// <returns>The process number; it stays the child's until it is waited for.</returns>
    internal int Execute()
    {
        int pid;
        var errno = (Errno)Libc.posix_spawn(&pid, _program, _actions, _attributes, _arguments, _environment);
        if (errno is not Errno.None)
        {
            throw new LinuxException(errno, $"posix_spawn {_spec.Program}");
        }
        return pid;
    }

    public void Dispose()
    {
        _ = Libc.posix_spawnattr_destroy(_attributes);
        _ = Libc.posix_spawn_file_actions_destroy(_actions);
        foreach (var block in _memory)
        {
            NativeMemory.Free((void*)block);
        }
        _memory.Clear();
    }

    private void SetAttributes()
    {
        var signals = Allocate(StructureLength);
        Check(Libc.posix_spawnattr_init(_attributes));
        Check(Libc.posix_spawnattr_setflags(_attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSID));
        // The runtime ignores SIGPIPE and the like; ignored signals would stay so in the child.
        _ = Libc.sigfillset(signals);
        Check(Libc.posix_spawnattr_setsigdefault(_attributes, signals));
        _ = Libc.sigemptyset(signals);
        Check(Libc.posix_spawnattr_setsigmask(_attributes, signals));
    }

    private void SetActions(FileDescriptor? output, FileDescriptor? error)
    {
        Check(Libc.posix_spawn_file_actions_init(_actions));
        var none = Text("/dev/null");
        Check(Libc.posix_spawn_file_actions_addopen(_actions, 0, none, Libc.O_RDONLY, 0));
        if (output is not null && error is not null)
        {
            Check(Libc.posix_spawn_file_actions_adddup2(_actions, output.Number, 1));
            Check(Libc.posix_spawn_file_actions_adddup2(_actions, error.Number, 2));
        }
        else
        {
            // NONBLOCK matters for a FIFO only, which would hold up the host until somebody reads.
            var flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_NOFOLLOW | Libc.O_NONBLOCK;
            Check(_spec.OutputFile is null
                ? Libc.posix_spawn_file_actions_addopen(_actions, 1, none, Libc.O_WRONLY, NullOutputMode)
                : Libc.posix_spawn_file_actions_addopen(_actions, 1, Text(_spec.OutputFile), flags, OutputMode));
            Check(Libc.posix_spawn_file_actions_adddup2(_actions, 1, 2));
        }
        // Ours are all close-on-exec; this is for those that whoever started the host left open in it. Since glibc 2.34.
        Check(Libc.posix_spawn_file_actions_addclosefrom_np(_actions, 3));
        Check(Libc.posix_spawn_file_actions_addchdir_np(_actions, Text(_spec.WorkingDirectory)));
    }

    private void Check(int errno)
    {
        if (errno != 0)
        {
            throw new LinuxException((Errno)errno, $"posix_spawn {_spec.Program}");
        }
    }

    private byte* Allocate(int length)
    {
        var block = (byte*)NativeMemory.AllocZeroed((nuint)length);
        _memory.Add((nint)block);
        return block;
    }

    private byte* Text(string text)
    {
        if (text.Contains('\0'))
        {
            throw new ArgumentException($"A NUL character cannot be passed to a program: '{text.Replace("\0", "\\0", StringComparison.Ordinal)}'.");
        }
        var block = Allocate(Encoding.UTF8.GetByteCount(text) + 1);
        _ = Encoding.UTF8.GetBytes(text, new Span<byte>(block, Encoding.UTF8.GetByteCount(text)));
        return block;
    }

    private byte** Array(string[] texts)
    {
        var block = (byte**)Allocate((texts.Length + 1) * sizeof(byte*));
        for (var i = 0; i < texts.Length; i++)
        {
            block[i] = Text(texts[i]);
        }
        return block;
    }
}
