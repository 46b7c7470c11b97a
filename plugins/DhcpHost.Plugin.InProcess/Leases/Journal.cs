using System.Buffers.Binary;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// A file to which records are appended, and which is written anew when it has become much larger than what it stands for. Whatever a crash
/// or a bad disk leaves of it, every record that is whole is read. Used by one thread at a time.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Below this size a file is never written anew.</summary>
    public const long MinRewriteSize = 4 << 20;

    private const int GrowthFactor = 3;
    private const int MaxRecord = 64 << 20;

    // What an append of a file that is written past the page cache begins at is a multiple of the first, and less than the second from the one before.
    private const int MinUnit = 512;
    private const int MaxUnit = 4096;

    private readonly IJournalState _state;
    private readonly string _path;
    private readonly bool _isDurable;
    private readonly long _minRewriteSize;
    private JournalBuffer _pending = new();
    private JournalBuffer _taken = new();
    private AppendFile? _file;
    private JournalRewrite? _rewrite;
    private Action? _onRewritten;
    private long _sizeAfterRewrite;
    private long _nextRewrite;
    private bool _isReadOnly;
    private JournalWork _work;
    private bool _isWaitedFor;
    private bool _isTidyDue;
    private LinuxException? _error;

    /// <param name="path">The file.</param>
    /// <param name="state">What it keeps.</param>
    /// <param name="isDurable">Its records are waited for: they go past the page cache where the file system can do that, into room that is made ahead.</param>
    /// <param name="minRewriteSize">Below this size it is never written anew.</param>
    public Journal(string path, IJournalState state, bool isDurable = false, long minRewriteSize = MinRewriteSize)
    {
        _path = path;
        _state = state;
        _isDurable = isDurable;
        _minRewriteSize = minRewriteSize;
    }

    /// <summary>Whether the file has what may not be on the disk yet.</summary>
    public bool IsUnflushed => _file is not { IsUnflushed: false };

    /// <summary>Bytes of the file.</summary>
    public long Size => _file?.Length ?? 0;

    /// <summary>Reads what is there, and repairs it where it is damaged.</summary>
    /// <param name="isReadOnly">Another writes it: what is there is read, and nothing is repaired or written. May be opened to be written later.</param>
    /// <returns>How many bytes made no sense. Where they were not just the end that a crash tore off, a copy of the file is beside it.</returns>
    public long Open(bool isReadOnly = false)
    {
        _isReadOnly = isReadOnly;
        if (isReadOnly)
        {
            _ = File.Exists(_path) ? Replay(File.ReadAllBytes(_path)) : default;
            return 0;
        }

        _file = AppendFile.Open(_path, _isDurable);
        var bytes = File.ReadAllBytes(_path);
        var (end, damaged) = Replay(bytes);

        // Zeros at the end are room that was made and not used.
        var torn = Math.Max(0, bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1 - end);
        if (damaged > 0)
        {
            File.Copy(_path, $"{_path}.damaged", overwrite: true);
            _state.WriteAll(_taken);
            Rewrite();
            _taken.Clear();
        }
        else if (torn > 0)
        {
            // The last write was cut short: nobody was told of it.
            _file.Truncate(end);
        }
        else
        {
            _file.Resume(end);
        }

        _sizeAfterRewrite = _file.Length;
        return damaged + torn;
    }

    /// <summary>Has it told, from any thread, when a file that was written beside this one is whole, so that <see cref="BeginTidying"/> has work.</summary>
    public void OnRewritten(Action callback) => _onRewritten = callback;

    /// <summary>Notes a record; <see cref="Write"/> writes it.</summary>
    public void Add(ReadOnlySpan<byte> record) => _pending.Add(record);

    /// <summary>Writes what was added since the last call.</summary>
    /// <param name="isDurable">Waits until it is on the disk, with all that was written before.</param>
    /// <exception cref="LinuxException">Then nothing is known of what is in the file: the next call writes it anew.</exception>
    public void Write(bool isDurable)
    {
        if (Begin(isDurable))
        {
            Perform();
            End();
        }
    }

    /// <summary>
    /// Takes what was added since the last call, for <see cref="Perform"/> to write, which may be called on another thread. Then <see cref="End"/> is due.
    /// </summary>
    /// <returns>Whether there is anything to do.</returns>
    public bool Begin(bool isDurable)
    {
        if (_isReadOnly)
        {
            _pending.Clear();
            return false;
        }

        if (_pending.Written.IsEmpty && !(isDurable && IsUnflushed) && _file is not null)
        {
            return false;
        }

        var length = (_file?.Length ?? 0) + _pending.Written.Length;
        var limit = Math.Max(_minRewriteSize, _sizeAfterRewrite * GrowthFactor);
        DropFailedRewrite();
        _isWaitedFor = isDurable;
        if (_file is not null && IsRewritten)
        {
            _rewrite!.Note(_pending);
            _work = JournalWork.Switch;
        }
        else if (_file is null || length > 2 * limit)
        {
            // Nothing is known of the file, or it has outgrown what is written beside it: all else waits.
            _pending.Clear();
            _state.WriteAll(_pending);
            _work = JournalWork.Rewrite;
        }
        else
        {
            _rewrite?.Note(_pending);
            if (_rewrite is null && length > Math.Max(limit, _nextRewrite))
            {
                var snapshot = new JournalBuffer();
                _state.WriteAll(snapshot);
                _rewrite = new($"{_path}.new", snapshot, _isDurable, _onRewritten);
            }

            _work = JournalWork.Append;
        }

        (_taken, _pending) = (_pending, _taken);
        return true;
    }

    /// <summary>
    /// To be called when <see cref="Begin"/> finds nothing to do: prepares what later writes would have to do first. Otherwise as that.
    /// </summary>
    public bool BeginTidying()
    {
        if (_isReadOnly || _file is null)
        {
            return false;
        }

        DropFailedRewrite();
        _work = IsRewritten ? JournalWork.Switch : JournalWork.Tidy;
        return _work == JournalWork.Switch || _isTidyDue;
    }

    /// <summary>Writes what <see cref="Begin"/> took, and waits for the disk where it has to. Meanwhile records may be added, and nothing else.</summary>
    public void Perform()
    {
        try
        {
            switch (_work)
            {
                case JournalWork.Append:
                    Append();
                    break;
                case JournalWork.Switch:
                    Take(_rewrite!.Switch(_path));
                    break;
                case JournalWork.Rewrite:
                    Rewrite();
                    break;
                default:
                    MakeRoom();
                    break;
            }

            _error = null;
        }
        catch (LinuxException e)
        {
            _error = e;
        }
    }

    /// <summary>Takes in what has become of it.</summary>
    /// <exception cref="LinuxException">It failed: nothing is known of what is in the file, and the next time it is written anew.</exception>
    public void End()
    {
        _taken.Clear();
        if (_error is { } error)
        {
            // What the page cache still holds after a failure is uncertain (fsync(2)): all is written again, to another file.
            _error = null;
            _pending.Clear();
            _file?.Dispose();
            _file = null;
            throw error;
        }

        if (_work is JournalWork.Switch or JournalWork.Rewrite)
        {
            _rewrite?.Dispose();
            _rewrite = null;
        }

        // Once: where there is no room, the next write finds out for itself.
        _isTidyDue = _work != JournalWork.Tidy && _isDurable && _file!.IsShortOfRoom;
    }

    /// <summary>Waits for what is written beside it.</summary>
    public void FinishRewrite() => _rewrite?.Finish();

    public void Dispose()
    {
        _rewrite?.Dispose();
        try
        {
            _file?.CutRoom();
        }
        catch (LinuxException)
        {
            // The room that was made stays: the next start passes over it.
        }

        _file?.Dispose();
    }

    private bool IsRewritten => _rewrite is { IsDone: true };

    /// <summary>The file in use goes on, and is written anew when it has grown by as much again as is the least.</summary>
    private void DropFailedRewrite()
    {
        if (_rewrite is { IsDone: true, Error: not null })
        {
            _rewrite.Dispose();
            _rewrite = null;
            _nextRewrite = Size + _minRewriteSize;
        }
    }

    private void Append()
    {
        if (_isWaitedFor && _isDurable)
        {
            _file!.MakeRoom(_taken.Written.Length);
        }

        _file!.Append(_taken.Written, _isWaitedFor);
    }

    private void MakeRoom()
    {
        try
        {
            _file!.MakeRoom();
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            // What there is may do.
        }
    }

    private void Rewrite()
    {
        // It writes to the same file.
        _rewrite?.Finish();
        var file = AppendFile.Open($"{_path}.new", _isDurable);
        try
        {
            JournalRewrite.Write(file, _taken.Written, _isDurable);
            file.MoveTo(_path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        Take(file);
    }

    private void Take(AppendFile file)
    {
        _file?.Dispose();
        _file = file;
        _sizeAfterRewrite = file.Length;
        _nextRewrite = 0;
    }

    /// <returns>Where the last whole record ends, and how many bytes before it made no sense.</returns>
    private (int End, long Damaged) Replay(ReadOnlySpan<byte> bytes)
    {
        var end = 0;
        var skipped = 0L;
        var damaged = 0L;
        var isGap = false;
        for (var position = 0; position + JournalBuffer.HeaderSize <= bytes.Length;)
        {
            var header = bytes[position..];
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == JournalBuffer.Magic
                && length is >= 0 and <= MaxRecord && length <= header.Length - JournalBuffer.HeaderSize
                && header.Slice(JournalBuffer.HeaderSize, length) is var body
                && BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == JournalBuffer.Checksum(body)
                && _state.Replay(body))
            {
                position += JournalBuffer.HeaderSize + length;
                end = position;
                damaged += isGap ? 0 : skipped;
                skipped = 0;
                isGap = false;
            }
            else
            {
                // No record begins with a zero.
                var next = bytes[(position + 1)..].IndexOfAnyExcept((byte)0);
                var step = bytes[position] != 0 ? 1 : next < 0 ? bytes.Length - position : next + 1;
                isGap = skipped == 0 && bytes[position] == 0 && step < MaxUnit && (position + step) % MinUnit == 0;
                position += step;
                skipped += step;
            }
        }

        return (end, damaged);
    }
}
