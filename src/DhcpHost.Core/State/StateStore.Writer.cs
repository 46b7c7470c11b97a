using DhcpHost.Abstractions.Networks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.State;

public sealed partial class StateStore
{
    private const int PruneEvery = 2_000;

    // SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html).
    private static bool IsCorruption(SqliteException exception) => exception.SqliteErrorCode is 11 or 26;

    /// <summary>
    /// Opens the file and reads it, unless it is open. What cannot be read is put aside; what cannot be opened now is tried again later.
    /// </summary>
    /// <param name="readOnly">Only reads: nothing is made, written or put aside.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StateOpening> OpenAsync(bool readOnly, CancellationToken cancellationToken)
    {
        await _database.WaitAsync(cancellationToken);
        try
        {
            if (_isWriting)
            {
                return _opening;
            }

            var opening = _opening = await Task.Run(() => readOnly ? OpenToRead() : Open(), cancellationToken);
            if (!readOnly)
            {
                IsIncomplete = opening != StateOpening.Found;
                _isWriting = true;
                _writer = Task.Run(() => WriteLoopAsync(_stop.Token), CancellationToken.None);
            }

            return opening;
        }
        finally
        {
            _database.Release();
        }
    }

    private StateOpening OpenToRead()
    {
        if (!File.Exists(_path))
        {
            return StateOpening.Fresh;
        }

        try
        {
            _open = StateDatabase.Open(_path, readOnly: true);
            Load(_open);
            return StateOpening.Found;
        }
        catch (Exception exception) when (exception is SqliteException or NotSupportedException)
        {
            SetProblem(exception.Message);
            return StateOpening.Unavailable;
        }
    }

    private StateOpening Open()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var existed = File.Exists(_path) && new FileInfo(_path).Length > 0;
            if (!existed)
            {
                // SQLite gives its -wal and -shm files the mode of the file itself.
                using var file = new FileStream(_path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }

            _open = StateDatabase.Open(_path, readOnly: false);
            Load(_open);
            return existed ? StateOpening.Found : StateOpening.Fresh;
        }
        catch (SqliteException exception) when (IsCorruption(exception))
        {
            return PutAside(exception.Message) ? Reopened() : StateOpening.Unavailable;
        }
        catch (Exception exception) when (exception is FormatException or System.Text.Json.JsonException or ArgumentException)
        {
            // A database, but what is in it is not ours.
            return PutAside(exception.Message) ? Reopened() : StateOpening.Unavailable;
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _open?.Dispose();
            _open = null;
            SetProblem(exception.Message);
            return StateOpening.Unavailable;
        }

        StateOpening Reopened()
        {
            var again = Open();
            return again == StateOpening.Fresh ? StateOpening.Corrupt : again;
        }
    }

    private void Load(StateDatabase database)
    {
        var networks = database.ReadNetworks();
        var leaseKeepers = database.ReadLeaseKeepers();
        LastSequence = database.ReadLastSequence();
        lock (_lock)
        {
            _leaseKeepers = leaseKeepers;
            foreach (var network in networks)
            {
                _networks[network.Id] = network;
            }
        }
    }

    private bool PutAside(string reason)
    {
        _open?.Dispose();
        _open = null;
        var aside = $"{_path}.corrupt-{_timeProvider.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}";
        try
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                if (File.Exists(_path + suffix))
                {
                    File.Move(_path + suffix, aside + suffix, overwrite: true);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            SetProblem($"{reason}; and it cannot be moved aside: {exception.Message}");
            return false;
        }

        LogCorrupt(_path, reason, aside);
        return true;
    }

    private async Task WriteLoopAsync(CancellationToken stop)
    {
        var written = PruneEvery;
        try
        {
            while (true)
            {
                await _signal.Reader.ReadAsync(stop);
                await GatherAsync(stop);
                var waiters = TakeWaiters();
                await _database.WaitAsync(stop);
                bool isWritten;
                try
                {
                    isWritten = WriteOnce(ref written);
                }
                finally
                {
                    _database.Release();
                }

                foreach (var waiter in waiters)
                {
                    waiter.SetResult(isWritten);
                }

                if (!isWritten)
                {
                    // Whoever waits for a write is told at once that the disk does not take it; everybody else's changes gather meanwhile.
                    await RestAsync(stop);
                    Signal();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            TakeWaiters().ForEach(waiter => waiter.SetResult(false));
        }
    }

    /// <summary>Waits for more, unless somebody waits for the write.</summary>
    private async Task GatherAsync(CancellationToken stop)
    {
        if (!_awaited.Reader.TryRead(out _))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(Task.Delay(Gathering, _timeProvider, end.Token), _awaited.Reader.WaitToReadAsync(end.Token).AsTask());
            await end.CancelAsync();
            _awaited.Reader.TryRead(out _);
        }
    }

    private async Task RestAsync(CancellationToken stop)
    {
        var rest = Task.Delay(RetryDelay, _timeProvider, stop);
        while (await Task.WhenAny(rest, _signal.Reader.WaitToReadAsync(stop).AsTask()) != rest)
        {
            _signal.Reader.TryRead(out _);
            TakeWaiters().ForEach(waiter => waiter.SetResult(false));
        }

        await rest;
    }

    private List<TaskCompletionSource<bool>> TakeWaiters()
    {
        lock (_lock)
        {
            (var waiters, _waiters) = (_waiters, []);
            return waiters;
        }
    }

    private bool WriteOnce(ref int written)
    {
        HashSet<NetworkId> dirty;
        StateBatch batch;
        lock (_lock)
        {
            (dirty, _dirty) = (_dirty, []);
            batch = new()
            {
                Networks = [.. dirty.Select(id => _networks.GetValueOrDefault(id) ?? new StoredNetwork(id))],
                Leases = [.. _leases.Select(pair => (pair.Key, pair.Value))],
                Events = _events,
            };
            _leaseKeepers?.UnionWith(_leases.Keys);
            (_leases, _events) = ([], []);
        }

        try
        {
            if (_open is null && Open() == StateOpening.Unavailable)
            {
                throw new IOException(Problem);
            }

            _open!.Write(batch);
            written += batch.Events.Count;
            if (written >= PruneEvery)
            {
                written = 0;
                var limits = _limits();
                _open.PruneEvents(limits.EventHistory, _timeProvider.GetUtcNow() - limits.EventHistoryTime);
            }

            ClearProblem();
            return true;
        }
        catch (Exception exception)
        {
            // Whatever the disk, the file or its library do: the writer lives on, because everybody waits for it, and tries again.
            GiveBack(batch, dirty);
            if (exception is SqliteException sqlite && IsCorruption(sqlite) && PutAside(exception.Message))
            {
                RewriteAll();
            }

            SetProblem(exception.Message);
            return false;
        }
    }

    private void GiveBack(StateBatch batch, HashSet<NetworkId> dirty)
    {
        lock (_lock)
        {
            _dirty.UnionWith(dirty);
            foreach (var (server, leases) in batch.Leases)
            {
                _leases.TryAdd(server, leases);
            }

            var room = Math.Min(PendingEvents - _events.Count, batch.Events.Count);
            DroppedEvents += batch.Events.Count - room;
            _events.InsertRange(0, batch.Events.TakeLast(room));
        }
    }

    private void RewriteAll()
    {
        lock (_lock)
        {
            _dirty.UnionWith(_networks.Keys);
        }
    }

    private async Task<T?> ReadAsync<T>(Func<StateDatabase, T> read, CancellationToken cancellationToken)
    {
        await _database.WaitAsync(cancellationToken);
        try
        {
            return _open is { } database ? await Task.Run(() => read(database), cancellationToken) : default;
        }
        catch (SqliteException exception)
        {
            SetProblem(exception.Message);
            return default;
        }
        finally
        {
            _database.Release();
        }
    }

    private void SetProblem(string message)
    {
        if (Problem is null)
        {
            LogProblem(_path, message);
            Volatile.Write(ref _problem, $"{_path} cannot be written since {_timeProvider.GetUtcNow():u}: {message}. The host runs on and tries again.");
        }
    }

    private void ClearProblem()
    {
        if (Problem is not null)
        {
            Volatile.Write(ref _problem, null);
            LogWell(_path);
        }
    }

    [LoggerMessage(
        EventId = 1010, Level = LogLevel.Error, Message = "{Path} is no usable state file ({Reason}). It was moved to {Aside}; a fresh one takes its place.")]
    private partial void LogCorrupt(string path, string reason, string aside);

    [LoggerMessage(
        EventId = 1011,
        Level = LogLevel.Error,
        Message = "{Path} cannot be written: {Reason}. The host runs on; what it should remember is written when that works again.")]
    private partial void LogProblem(string path, string reason);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Information, Message = "{Path} is written again.")]
    private partial void LogWell(string path);
}
