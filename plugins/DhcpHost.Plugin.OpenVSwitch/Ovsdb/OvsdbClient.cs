using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>Keeps one session with OVSDB: opens it when it is needed, and anew after it broke. Every call has a deadline. Thread-safe.</summary>
internal sealed class OvsdbClient(OvsdbEndpoint endpoint, OvsdbTls? tls, TimeSpan timeout, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private OvsdbSession? _session;
    private bool _isDisposed;

    /// <summary>Where it is.</summary>
    public OvsdbEndpoint Endpoint => endpoint;

    /// <summary>The session that is open, or a new one.</summary>
    /// <exception cref="OvsdbException">It cannot be opened.</exception>
    public Task<OvsdbSession> GetSessionAsync(CancellationToken cancellationToken) => BoundAsync("connect", OpenAsync, cancellationToken);

    /// <summary>Executes operations as one transaction.</summary>
    /// <exception cref="OvsdbException">It could not be done.</exception>
    public Task<IReadOnlyList<JsonElement>> TransactAsync(IEnumerable<JsonObject> operations, CancellationToken cancellationToken) =>
        BoundAsync("transact", async token => await (await OpenAsync(token)).TransactAsync(operations, token), cancellationToken);

    /// <summary>Executes operations as one transaction, and waits until ovs-vswitchd has done as they say.</summary>
    /// <returns>False: they are in the database, but ovs-vswitchd does not come.</returns>
    /// <exception cref="OvsdbException">They are not in the database.</exception>
    public async Task<bool> ConfigureAsync(IEnumerable<JsonObject> operations, CancellationToken cancellationToken)
    {
        var (session, configuration) = await BoundAsync("transact", async token =>
        {
            var open = await OpenAsync(token);
            // As ovs-vsctl tells ovs-vswitchd that there is something to do, and waits for it (ovs-vswitchd.conf.db(5), next_cfg).
            var results = await open.TransactAsync(
                [.. operations, Operation.Mutate("Open_vSwitch", [], "next_cfg", "+=", 1), Operation.Select("Open_vSwitch", [], "next_cfg")], token);
            return (open, results[^1].GetProperty("rows")[0].GetProperty("next_cfg").GetInt64());
        }, cancellationToken);
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await session.WaitForAsync(configuration, both.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _session?.Dispose();
    }

    private async Task<OvsdbSession> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_session is not { Closed.IsCompleted: false })
            {
                _session?.Dispose();
                _session = await OvsdbSession.OpenAsync(endpoint, tls, cancellationToken);
            }

            return _session;
        }
        finally
        {
            _ = _opening.Release();
        }
    }

    private async Task<T> BoundAsync<T>(string what, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OvsdbException($"OVSDB at {endpoint} did not answer within {timeout.TotalSeconds:0.#} s ({what})", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // What .NET makes of a missing socket ("Cannot assign requested address") leads nowhere.
            var reason = endpoint.Path is { } path && !File.Exists(path) ? "there is no such socket" : exception.Message;
            throw new OvsdbException($"OVSDB at {endpoint} cannot be reached: {reason} (is ovsdb-server running?)", exception);
        }
    }
}
