using System.IO.Pipes;
using DhcpHost.Linux.Files;
using DhcpHost.Testing;

namespace DhcpHost.Linux.Tests.Files;

public sealed class ReaderWatchTests : IDisposable
{
    private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
    private int _gone;

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task The_end_of_the_last_reader_is_told_once_without_a_write()
    {
        using var reader = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);
        using var watch = Watch();
        Assert.NotNull(watch);
        _writer.WriteByte(1);
        Assert.Equal(0, Volatile.Read(ref _gone));

        await reader.DisposeAsync();

        await Eventually.TrueAsync(() => Volatile.Read(ref _gone) == 1, cancellationToken: TestContext.Current.CancellationToken);
        watch.Dispose();
        Assert.Equal(1, _gone);
        Assert.False(_writer.SafePipeHandle.IsClosed);
    }

    [Fact]
    public async Task A_reader_that_was_gone_before_is_told_at_once()
    {
        _writer.DisposeLocalCopyOfClientHandle();

        using var watch = Watch();

        await Eventually.TrueAsync(() => Volatile.Read(ref _gone) == 1, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Files_and_closed_descriptors_are_not_watched()
    {
        using var file = File.OpenHandle("/dev/null", access: FileAccess.Write);
        Assert.Null(ReaderWatch.TryWatch((int)file.DangerousGetHandle(), () => { }));
        Assert.Null(ReaderWatch.TryWatch(1_000_000, () => { }));
    }

    private ReaderWatch? Watch() => ReaderWatch.TryWatch((int)_writer.SafePipeHandle.DangerousGetHandle(), () => Interlocked.Increment(ref _gone));
}
