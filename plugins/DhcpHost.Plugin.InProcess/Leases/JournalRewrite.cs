using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// A journal that is written anew beside the one in use, on a thread of its own. Until it takes that one's place it is told of all that is written there.
/// All methods are for the journal's thread.
/// </summary>
internal sealed class JournalRewrite : IDisposable
{
    private readonly JournalBuffer _snapshot;
    private readonly JournalBuffer _since = new();
    private readonly CommitThread _thread;
    private readonly string _path;
    private readonly bool _isDurable;
    private AppendFile? _file;

    /// <param name="path">The file that it is written to first.</param>
    /// <param name="snapshot">Records that stand for all that there is now.</param>
    /// <param name="isDurable">As the journal is.</param>
    /// <param name="onDone">Called when <see cref="IsDone"/>, on another thread.</param>
    public JournalRewrite(string path, JournalBuffer snapshot, bool isDurable, Action? onDone)
    {
        _path = path;
        _snapshot = snapshot;
        _isDurable = isDurable;
        _thread = new("dhcphost-rewrite", Perform);
        _thread.OnDone(() => onDone?.Invoke());
        _thread.Start();
    }

    /// <summary>Whether it is through.</summary>
    public bool IsDone => !_thread.IsBusy;

    /// <summary>Why the file could not be written.</summary>
    public LinuxException? Error { get; private set; }

    /// <summary>Takes in what is written to the journal in use.</summary>
    public void Note(JournalBuffer records) => _since.AddAll(records);

    /// <summary>Takes the journal's place, durably, with all that was noted. Once it is through.</summary>
    /// <exception cref="LinuxException">Which of the two has the journal's name is not known.</exception>
    public AppendFile Switch(string path)
    {
        var file = _file!;
        file.Append(_since.Written, isDurable: true);
        file.MoveTo(path);
        _file = null;
        return file;
    }

    /// <summary>Waits until it is through.</summary>
    public void Finish() => _thread.Finish();

    /// <summary>Waits until it is through; a file that did not take the journal's place is taken away.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        if (_file is not null)
        {
            _file.Dispose();
            try
            {
                File.Delete(_path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next one is written over it.
            }
        }
    }

    private void Perform()
    {
        try
        {
            _file = AppendFile.Open(_path, _isDurable);
            Write(_file, _snapshot.Written, _isDurable);
        }
        catch (LinuxException e)
        {
            Error = e;
        }
    }

    /// <summary>Writes records as a file's whole content, durably.</summary>
    internal static void Write(AppendFile file, ReadOnlySpan<byte> records, bool hasRoom)
    {
        file.Truncate(0);
        file.Flush();
        file.Append(records, isDurable: true);
        if (hasRoom)
        {
            file.MakeRoom();
        }
    }
}
