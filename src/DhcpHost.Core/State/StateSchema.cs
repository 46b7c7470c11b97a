using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DhcpHost.Core.State;

/// <summary>The schema of the state file, as the steps that lead to it. A step is never changed once it was released; a new one is added.</summary>
internal static class StateSchema
{
    /// <summary>The steps that ship.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE networks(network_id TEXT NOT NULL PRIMARY KEY, source TEXT, failure TEXT) WITHOUT ROWID;
        CREATE TABLE handles(
            network_id TEXT NOT NULL, segment_id TEXT NOT NULL, kind TEXT NOT NULL, driver_id TEXT NOT NULL,
            version INTEGER NOT NULL, state TEXT NOT NULL, fingerprint TEXT NOT NULL,
            PRIMARY KEY (network_id, segment_id, kind, driver_id)) WITHOUT ROWID;
        CREATE TABLE attachments(
            network_id TEXT NOT NULL, segment_id TEXT NOT NULL, host_port TEXT, interface TEXT,
            PRIMARY KEY (network_id, segment_id)) WITHOUT ROWID;
        CREATE TABLE leases(network_id TEXT NOT NULL, segment_id TEXT NOT NULL, leases TEXT NOT NULL, PRIMARY KEY (network_id, segment_id)) WITHOUT ROWID;
        CREATE TABLE events(
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, severity TEXT NOT NULL, kind TEXT NOT NULL,
            network_id TEXT, message TEXT NOT NULL, details TEXT);
        CREATE INDEX events_by_network ON events(network_id, sequence);
        CREATE INDEX events_by_time ON events(time);
        """,
    ];

    /// <summary>Brings a file to the newest version, in one transaction a step.</summary>
    /// <exception cref="NotSupportedException">The file was written by a newer host, or is old and may not be written.</exception>
    public static void Migrate(SqliteConnection connection, bool readOnly, IReadOnlyList<string> steps)
    {
        using var query = connection.CreateCommand();
        query.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(query.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > steps.Count || (readOnly && version < steps.Count))
        {
            throw new NotSupportedException(
                $"{connection.DataSource}: its schema is version {version}, this host's is {steps.Count}. "
                + (
                    version > steps.Count
                        ? "Run the newer host that wrote it, or move the file away."
                        : "Start the host once, so that it is brought up to date."));
        }

        for (; version < steps.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            using var step = connection.CreateCommand();
            step.Transaction = transaction;
            step.CommandText = steps[version] + string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1};");
            step.ExecuteNonQuery();
            transaction.Commit();
        }
    }
}
