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

    private readonly IJournalState _state;
    private JournalBuffer _pending = new();
    private JournalBuffer _taken = new();
    private readonly string _path;
    private readonly long _minRewriteSize;
    private AppendFile? _file;
    private long _sizeAfterRewrite;
    private bool _isReadOnly;
    private bool _isRewrite;
    private bool _isDurable;
    private LinuxException? _error;

    public Journal(string path, IJournalState state, long minRewriteSize = MinRewriteSize)
    {
        _path = path;
        _state = state;
        _minRewriteSize = minRewriteSize;
    }

    /// <summary>Whether the file has what may not be on the disk yet.</summary>
    public bool IsUnflushed { get; private set; } = true;

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

        var file = AppendFile.Open(_path);
        var bytes = File.ReadAllBytes(_path);
        var (end, damaged) = Replay(bytes);
        _file = file;
        if (damaged > 0)
        {
            File.Copy(_path, $"{_path}.damaged", overwrite: true);
            _state.WriteAll(_taken);
            Rewrite();
            _taken.Clear();
        }
        else if (end < bytes.Length)
        {
            // The last write was cut short: nobody was told of it.
            file.Truncate(end);
        }

        // What was read may be in the page cache alone.
        IsUnflushed = true;
        _sizeAfterRewrite = _file.Length;

        // Zeros at the end are room that was made and not used.
        return damaged + Math.Max(0, bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1 - end);
    }

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

        _isRewrite = _file is null || _file.Length + _pending.Written.Length > Math.Max(_minRewriteSize, _sizeAfterRewrite * GrowthFactor);
        _isDurable = isDurable || _isRewrite;
        if (_isRewrite)
        {
            _pending.Clear();
            _state.WriteAll(_pending);
        }

        (_taken, _pending) = (_pending, _taken);
        return true;
    }

    /// <summary>Writes what <see cref="Begin"/> took, and waits for the disk where it has to. Meanwhile records may be added, and nothing else.</summary>
    public void Perform()
    {
        try
        {
            if (_isRewrite)
            {
                Rewrite();
            }
            else
            {
                if (_isDurable)
                {
                    _file!.MakeRoom(_taken.Written.Length);
                }

                _file!.Append(_taken.Written);
                if (_isDurable)
                {
                    _file.Flush();
                }
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
        IsUnflushed = !_isDurable;
        if (_error is { } error)
        {
            // What the page cache still holds after a failure is uncertain (fsync(2)): all is written again, to another file.
            _error = null;
            _pending.Clear();
            _file?.Dispose();
            _file = null;
            throw error;
        }
    }

    public void Dispose()
    {
        try
        {
            _file?.Truncate(_file.Length);
        }
        catch (LinuxException)
        {
            // The room that was made stays: the next start passes over it.
        }

        _file?.Dispose();
    }

    private void Rewrite()
    {
        using var file = AppendFile.Open($"{_path}.new");
        file.Truncate(0);
        file.Append(_taken.Written);
        file.Flush();
        var moved = file.MoveTo(_path);
        _file?.Dispose();
        _file = moved;
        _sizeAfterRewrite = moved.Length;
    }

    /// <returns>Where the last whole record ends, and how many bytes before it made no sense.</returns>
    private (int End, long Damaged) Replay(ReadOnlySpan<byte> bytes)
    {
        var end = 0;
        var skipped = 0L;
        var damaged = 0L;
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
                damaged += skipped;
                skipped = 0;
            }
            else
            {
                position++;
                skipped++;
            }
        }

        return (end, damaged);
    }
}
