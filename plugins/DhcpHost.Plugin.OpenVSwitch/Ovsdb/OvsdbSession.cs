using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>A connection to the database <c>Open_vSwitch</c> that knows which configuration ovs-vswitchd has taken over, and which ports went.</summary>
internal sealed class OvsdbSession : IDisposable
{
    private const string Database = "Open_vSwitch";
    private const int MaxDeletions = 4096;

    private readonly JsonRpcConnection _connection;
    private readonly Lock _lock = new();
    private readonly Channel<string> _deletions = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxDeletions) { FullMode = BoundedChannelFullMode.DropWrite });
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _currentConfiguration;

    private OvsdbSession(Stream stream)
    {
        _connection = new(stream, OnNotification);
        _ = EndDeletionsAsync();
    }

    /// <summary>Ends with the connection; says why.</summary>
    public Task<string> Closed => _connection.Closed;

    /// <summary>The version of Open vSwitch; empty where ovs-vswitchd has never run.</summary>
    public string SwitchVersion { get; private set; } = "";

    /// <summary>Names of ports that were deleted, by whomever; ends with the connection.</summary>
    public ChannelReader<string> Deletions => _deletions.Reader;

    /// <summary>Connects and begins to watch (RFC 7047 section 4.1.5).</summary>
    public static async Task<OvsdbSession> OpenAsync(OvsdbEndpoint endpoint, OvsdbTls? tls, CancellationToken cancellationToken)
    {
        var stream = await endpoint.ConnectAsync(cancellationToken);
        var session = new OvsdbSession(tls is null ? stream : await tls.SecureAsync(stream, endpoint, cancellationToken));
        try
        {
            var deletionsOnly = new JsonObject { ["initial"] = false, ["insert"] = false, ["modify"] = false, ["delete"] = true };
            var requests = new JsonObject
            {
                ["Open_vSwitch"] = new JsonArray(new JsonObject { ["columns"] = new JsonArray("cur_cfg", "ovs_version") }),
                ["Port"] = new JsonArray(new JsonObject { ["columns"] = new JsonArray("name"), ["select"] = deletionsOnly }),
            };
            session.Update(await session._connection.CallAsync("monitor", new JsonArray(Database, "dhcphost", requests), cancellationToken));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Executes operations as one transaction and returns the result of each (RFC 7047 section 4.1.3).</summary>
    /// <exception cref="OvsdbException">One of them failed, and so nothing was changed.</exception>
    public async Task<IReadOnlyList<JsonElement>> TransactAsync(IEnumerable<JsonObject> operations, CancellationToken cancellationToken)
    {
        var answer = await _connection.CallAsync("transact", new JsonArray([Database, .. operations]), cancellationToken);
        JsonElement[] results = answer.ValueKind is JsonValueKind.Array ? [.. answer.EnumerateArray()] : throw new OvsdbException("OVSDB answered no array.");
        foreach (var result in results)
        {
            if (result.ValueKind is JsonValueKind.Object && result.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String)
            {
                var details = result.TryGetProperty("details", out var text) ? text.GetString() : null;
                throw new OvsdbException($"OVSDB refused: {error.GetString()}{(details is null ? "" : $": {details}")}");
            }
        }

        return results;
    }

    /// <summary>Waits until ovs-vswitchd has taken a configuration over.</summary>
    public async Task WaitForAsync(long configuration, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_currentConfiguration >= configuration)
                {
                    return;
                }

                change = _change.Task;
            }

            if (await Task.WhenAny(change, Closed).WaitAsync(cancellationToken) == Closed)
            {
                throw new OvsdbException(await Closed);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task EndDeletionsAsync()
    {
        _ = await Closed;
        _ = _deletions.Writer.TryComplete();
    }

    private void OnNotification(string method, JsonElement parameters)
    {
        if (method == "update" && parameters is { ValueKind: JsonValueKind.Array } && parameters.GetArrayLength() == 2)
        {
            Update(parameters[1]);
        }
    }

    private void Update(JsonElement tables)
    {
        foreach (var row in Rows(tables, "Open_vSwitch"))
        {
            if (row.TryGetProperty("new", out var now))
            {
                Take(now);
            }
        }

        foreach (var row in Rows(tables, "Port"))
        {
            if (!row.TryGetProperty("new", out _) && row.TryGetProperty("old", out var old) && old.TryGetProperty("name", out var name))
            {
                _ = _deletions.Writer.TryWrite(name.GetString()!);
            }
        }
    }

    private void Take(JsonElement row)
    {
        // An optional string without a value is an empty set.
        SwitchVersion = row.TryGetProperty("ovs_version", out var version) && version.ValueKind is JsonValueKind.String ? version.GetString()! : SwitchVersion;
        if (row.TryGetProperty("cur_cfg", out var current) && current.TryGetInt64(out var number))
        {
            TaskCompletionSource change;
            lock (_lock)
            {
                _currentConfiguration = number;
                (change, _change) = (_change, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            change.SetResult();
        }
    }

    private static IEnumerable<JsonElement> Rows(JsonElement tables, string table) =>
        tables.ValueKind is JsonValueKind.Object && tables.TryGetProperty(table, out var rows) ? rows.EnumerateObject().Select(row => row.Value) : [];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Open vSwitch {SwitchVersion}, configuration {_currentConfiguration}");
}
