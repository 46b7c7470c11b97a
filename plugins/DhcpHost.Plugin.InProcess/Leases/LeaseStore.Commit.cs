using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// Writes run on a thread of their own, one at a time. What is noted meanwhile gathers, and is the next one's: nobody waits for more than two of
/// them, and who needs no disk waits for none.
/// </summary>
internal sealed partial class LeaseStore
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    // The write that gathers, and the last one that is on the disk.
    private long _batch = 1;
    private long _durable;
    private bool _isWriting;
    private bool _isWanted;
    private long _failedAt;
    private CommitThread? _writer;
    private Action? _wake;

    /// <inheritdoc/>
    public void Attach(Action wake) => _wake = wake;

    /// <inheritdoc/>
    public DatagramCommitProgress Commit(long awaited)
    {
        if (_isWriting)
        {
            if (_writer!.IsBusy)
            {
                return new(_durable, HasFailed: false);
            }

            if (!Collect())
            {
                return new(_durable, HasFailed: true);
            }
        }
        else if (IsGivenUp)
        {
            return new(_durable, HasFailed: true);
        }

        if (Begin(_isWanted || awaited > _durable) || _journal.BeginTidying())
        {
            _isWriting = true;
            (_writer ??= NewWriter()).Start();
        }

        return new(_durable, HasFailed: false);
    }

    /// <summary>Writes all that was noted, and waits for it.</summary>
    /// <param name="isDurable">It must survive the loss of power before this returns.</param>
    /// <returns>False: it could not be written.</returns>
    public bool Commit(bool isDurable)
    {
        Finish();
        if (!Collect() || IsGivenUp)
        {
            return false;
        }

        if (!Begin(isDurable))
        {
            return true;
        }

        _journal.Perform();
        return End();
    }

    /// <inheritdoc/>
    public void Finish() => _writer?.Finish();

    /// <inheritdoc/>
    public void Detach()
    {
        Finish();
        _journal.FinishRewrite();
        _wake = null;
    }

    /// <summary>The write that what is noted now will be in.</summary>
    internal long Gathering => _batch;

    private bool IsGivenUp => Failure is not null && _timeProvider.GetElapsedTime(_failedAt) < RetryInterval;

    private CommitThread NewWriter()
    {
        var writer = new CommitThread("dhcphost-leases", _journal.Perform, isUrgent: true);
        writer.OnDone(() => _wake?.Invoke());
        return writer;
    }

    private bool Begin(bool isDurable)
    {
        FollowClock();
        if (!_journal.Begin(isDurable))
        {
            return false;
        }

        _batch++;
        _isWanted &= !isDurable;
        return true;
    }

    /// <summary>Takes in what has become of a write that is through. False where it failed.</summary>
    private bool Collect()
    {
        if (!_isWriting)
        {
            return true;
        }

        _isWriting = false;
        return End();
    }

    private bool End()
    {
        var written = _batch - 1;
        try
        {
            _journal.End();
        }
        catch (LinuxException e)
        {
            _failedAt = _timeProvider.GetTimestamp();
            SetFailure(e.Message);
            return false;
        }

        if (!_journal.IsUnflushed)
        {
            _durable = written;
            Commits++;
        }

        SetFailure(null);
        return true;
    }
}
