using System.Threading.Channels;
using DhcpHost.Linux.Interop;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Files;

internal sealed partial class FilesNetworkSource
{
    private static readonly TimeSpan KeepDelay = TimeSpan.FromSeconds(1);

    // Filled in by a host that serves. One that only looks (check, plan) leaves no trace.
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _scanned = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _saidNotKept;

    private Task SetServing()
    {
        _ = _serving.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Copies what files say without errors into the state directory, some time after they were read, and at the end.</summary>
    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _serving.Task.WaitAsync(cancellationToken);
            while (await _scanned.Reader.WaitToReadAsync(cancellationToken))
            {
                _ = _scanned.Reader.TryRead(out _);
                await Task.Delay(KeepDelay, _timeProvider, cancellationToken);
                Save();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (_serving.Task.IsCompleted)
            {
                Save();
            }
        }
    }

    private void Save()
    {
        try
        {
            _lastGood.Save();
            _saidNotKept = false;
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            if (!_saidNotKept)
            {
                LogNotKept(exception.Message);
                _saidNotKept = true;
            }
        }
    }

    [LoggerMessage(2107, LogLevel.Warning, "What the files say is not kept for a start with a broken file: {Reason}")]
    private partial void LogNotKept(string reason);
}
