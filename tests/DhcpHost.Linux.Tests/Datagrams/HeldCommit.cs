using DhcpHost.Linux.Datagrams;

namespace DhcpHost.Linux.Tests.Datagrams;

/// <summary>A disk that is through when a test says so.</summary>
internal sealed class HeldCommit : IDatagramCommit
{
    private readonly object _gate = new();
    private DatagramCommitProgress _progress;
    private Action? _wake;

    public long Awaited { get; private set; }

    /// <summary>Set where <see cref="Finish"/> is to end the write itself.</summary>
    public DatagramCommitProgress? AtFinish { get; set; }

    public void Attach(Action wake) => _wake = wake;

    public DatagramCommitProgress Commit(long awaited)
    {
        lock (_gate)
        {
            Awaited = Math.Max(Awaited, awaited);
            return _progress;
        }
    }

    public void Finish()
    {
        lock (_gate)
        {
            _progress = AtFinish ?? _progress;
        }
    }

    public void Detach() => Finish();

    public void Report(DatagramCommitProgress progress)
    {
        lock (_gate)
        {
            _progress = progress;
        }

        _wake!();
    }
}
