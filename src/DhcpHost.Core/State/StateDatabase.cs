using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using Microsoft.Data.Sqlite;

namespace DhcpHost.Core.State;

/// <summary>The SQLite file: one connection, used by one task at a time. Its calls block for as long as the disk does.</summary>
/// <remarks>
/// WAL with <c>synchronous = NORMAL</c>: a commit survives the death of the host (the write is the kernel's), but the last ones may be lost with the machine's
/// power. That is enough: the servers that the handles speak of are lost with it too.
/// </remarks>
internal sealed class StateDatabase : IDisposable
{
    private readonly SqliteConnection _connection;

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file, making it if it may be written, and brings it to the newest schema.</summary>
    /// <exception cref="SqliteException">It cannot be opened, or is no database.</exception>
    public static StateDatabase Open(string path, bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            connection.Open();
            var database = new StateDatabase(connection);
            if (!readOnly)
            {
                database.Execute(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 16777216;");
            }

            StateSchema.Migrate(connection, readOnly, StateSchema.Steps);
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>All networks.</summary>
    public IReadOnlyList<StoredNetwork> ReadNetworks()
    {
        var networks = new Dictionary<NetworkId, StoredNetwork>();
        StoredNetwork At(string id) => networks.GetValueOrDefault(new(id)) ?? new StoredNetwork(new(id));

        foreach (var row in Query("SELECT network_id, source, failure FROM networks"))
        {
            var network = At(row[0]!) with
            {
                Source = row[1] is { } source ? new PluginId(source) : null,
                Failure = row[2] is { } failure ? FromJson(failure, StateJson.Model.StoredFailure) : null,
            };
            networks[network.Id] = network;
        }

        foreach (var row in Query(
            "SELECT network_id, segment_id, kind, driver_id, version, state, fingerprint FROM handles ORDER BY network_id, kind, segment_id"))
        {
            var handle = new DriverHandle(new(row[3]!), Server(row), int.Parse(row[4]!, CultureInfo.InvariantCulture), row[5]!);
            var network = At(row[0]!).With(new StoredHandle(Enum.Parse<DriverKind>(row[2]!, ignoreCase: true), handle, row[6]!));
            networks[network.Id] = network;
        }

        foreach (var row in Query("SELECT network_id, segment_id, host_port, interface FROM attachments ORDER BY network_id, segment_id"))
        {
            var hostPort = row[2] is { } port ? FromJson(port, StateJson.Model.Port) : null;
            var binding = row[3] is { } text ? FromJson(text, StateJson.Model.InterfaceBinding) : null;
            var network = At(row[0]!).With(new StoredAttachment(Server(row).SegmentId, hostPort, binding));
            networks[network.Id] = network;
        }

        return [.. networks.Values];
    }

    /// <summary>The servers that there is a lease snapshot of.</summary>
    public HashSet<ServerKey> ReadLeaseKeepers() => [.. Query("SELECT network_id, segment_id FROM leases").Select(Server)];

    /// <summary>The lease snapshot of a server; empty where there is none.</summary>
    public IReadOnlyList<Lease> ReadLeases(ServerKey server) =>
        Query("SELECT leases FROM leases WHERE network_id = $1 AND segment_id = $2", server.NetworkId.Value, server.SegmentId?.Value ?? "")
            .Select(row => FromJson(row[0]!, StateJson.Model.EquatableArrayLease)).SingleOrDefault();

    /// <summary>The newest events, newest first.</summary>
    public IReadOnlyList<HostEvent> ReadEvents(NetworkId? networkId, int count) =>
        [.. Query(
            "SELECT sequence, time, severity, kind, network_id, message, details FROM events WHERE $1 IS NULL OR network_id = $1 ORDER BY "
                + "sequence DESC LIMIT $2",
            networkId?.Value,
            count).Select(row => new HostEvent
            {
                Sequence = long.Parse(row[0]!, CultureInfo.InvariantCulture),
                Time = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row[1]!, CultureInfo.InvariantCulture)),
                Severity = Enum.Parse<EventSeverity>(row[2]!, ignoreCase: true),
                Kind = row[3]!,
                NetworkId = row[4] is { } id ? new NetworkId(id) : null,
                Message = row[5]!,
                Details = row[6],
            })];

    /// <summary>The highest sequence that an event ever had; 0 for none.</summary>
    public long ReadLastSequence() =>
        Query("SELECT seq FROM sqlite_sequence WHERE name = 'events'").Select(row => long.Parse(row[0]!, CultureInfo.InvariantCulture)).SingleOrDefault();

    /// <summary>Writes all of a batch, or nothing of it.</summary>
    public void Write(StateBatch batch)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var network in batch.Networks)
        {
            Write(network);
        }

        foreach (var (server, leases) in batch.Leases)
        {
            Execute(
                leases.Count == 0
                    ? "DELETE FROM leases WHERE network_id = $1 AND segment_id = $2"
                    : "INSERT OR REPLACE INTO leases(network_id, segment_id, leases) VALUES ($1, $2, $3)",
                server.NetworkId.Value,
                server.SegmentId?.Value ?? "",
                ToJson(leases.ToEquatableArray(), StateJson.Model.EquatableArrayLease));
        }

        foreach (var item in batch.Events)
        {
            Execute(
                "INSERT OR REPLACE INTO events(sequence, time, severity, kind, network_id, message, details) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                item.Sequence,
                item.Time.ToUnixTimeMilliseconds(),
                item.Severity.ToString(),
                item.Kind,
                item.NetworkId?.Value,
                item.Message,
                item.Details);
        }

        transaction.Commit();
    }

    /// <summary>Deletes events beyond a number and before a time.</summary>
    public void PruneEvents(int keep, DateTimeOffset notBefore)
    {
        using var transaction = _connection.BeginTransaction();
        Execute("DELETE FROM events WHERE sequence <= (SELECT max(sequence) FROM events) - $1", keep);
        Execute("DELETE FROM events WHERE time < $1", notBefore.ToUnixTimeMilliseconds());
        transaction.Commit();
    }

    public void Dispose() => _connection.Dispose();

    private static ServerKey Server(string?[] row) => new(new(row[0]!), row[1]!.Length == 0 ? null : new SegmentId(row[1]!));

    private static T FromJson<T>(string text, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(text, type)!;

    private static string ToJson<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private void Write(StoredNetwork network)
    {
        var id = network.Id.Value;
        Execute("DELETE FROM networks WHERE network_id = $1", id);
        Execute("DELETE FROM handles WHERE network_id = $1", id);
        Execute("DELETE FROM attachments WHERE network_id = $1", id);
        if (network.IsEmpty)
        {
            return;
        }

        Execute(
            "INSERT INTO networks(network_id, source, failure) VALUES ($1, $2, $3)",
            id,
            network.Source?.Value,
            network.Failure is { } failure ? ToJson(failure, StateJson.Model.StoredFailure) : null);
        foreach (var stored in network.Handles)
        {
            Execute(
                "INSERT INTO handles(network_id, segment_id, kind, driver_id, version, state, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                id,
                stored.Handle.Server.SegmentId?.Value ?? "",
                stored.Kind.ToString(),
                stored.Handle.DriverId.Value,
                stored.Handle.Version,
                stored.Handle.State,
                stored.Fingerprint);
        }

        foreach (var attachment in network.Attachments)
        {
            Execute(
                "INSERT INTO attachments(network_id, segment_id, host_port, interface) VALUES ($1, $2, $3, $4)",
                id,
                attachment.SegmentId?.Value ?? "",
                attachment.HostPort is { } port ? ToJson(port, StateJson.Model.Port) : null,
                attachment.Interface is { } binding ? ToJson(binding, StateJson.Model.InterfaceBinding) : null);
        }
    }

    private void Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private List<string?[]> Query(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
        {
            var row = new string?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i] ?? DBNull.Value);
        }

        return command;
    }
}
