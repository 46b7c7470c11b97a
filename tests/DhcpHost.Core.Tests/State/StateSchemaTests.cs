using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Core.Tests.State;

/// <summary>A state file of an earlier version becomes one of this version, with all that is in it.</summary>
public sealed class StateSchemaTests : IDisposable
{
    private const string AddsNotes = "ALTER TABLE networks ADD COLUMN note TEXT NOT NULL DEFAULT 'old';";
    private const string AddsTableAndFails = "CREATE TABLE more(a TEXT); INSERT INTO nowhere VALUES (1);";

    private static readonly string[] Released = ["A6D5E84D37FEBC737E0A941722A1D7A628A951D828D7EB711D7152AC2E9CEF7F"];

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-schema-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "state.db");

    [Fact]
    public void A_step_that_was_released_is_what_it_was() =>
        Assert.Equal(Released, StateSchema.Steps.Take(Released.Length).Select(step => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(step)))));

    [Fact]
    public async Task A_file_of_the_first_version_is_read_whole()
    {
        using (var connection = Open())
        {
            StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0]]);
            Execute(connection, await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "State", "version-1.sql"), Token));
        }

        await using var store = new StateStore(_directory, () => new LimitsOptions(), TimeProvider.System, NullLogger<StateStore>.Instance);
        Assert.Equal(StateOpening.Found, await store.OpenAsync(readOnly: false, Token));

        var network = store.Find(new("a"));
        Assert.Equal((FailureKind.Conflict, "in the way", 3), (network.Failure!.Kind, network.Failure.Message, network.Failure.Attempts));
        Assert.Equal("lab", network.Source?.Value);
        var handle = Assert.Single(network.Handles, handle => handle.Kind == DriverKind.Dhcp).Handle;
        Assert.Equal(("dnsmasq", "s1/a", 2, "{\"pid\":1}"), (handle.DriverId.Value, handle.Server.ToString(), handle.Version, handle.State));
        var attachment = Assert.Single(network.Attachments);
        Assert.Equal(("p", "n", "10.0.0.2/24"), (attachment.HostPort!.Id.Value, attachment.Interface!.Namespace, attachment.Interface.Addresses[0].ToString()));
        Assert.Equal("h", Assert.Single(await store.ReadLeasesAsync(handle.Server, Token)).Hostname);
        Assert.Equal("event 7", Assert.Single(await store.ReadEventsAsync(new("a"), 10, Token)).Message);
        Assert.Equal(7, store.LastSequence);
    }

    [Fact]
    public void An_older_file_is_brought_up_step_by_step_and_keeps_its_rows()
    {
        using var connection = Open();
        StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0]]);
        Execute(connection, "INSERT INTO networks(network_id) VALUES ('a')");

        StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0], AddsNotes, "UPDATE networks SET note = note || ' and new';"]);

        Assert.Equal((3L, "old and new"), (Read(connection, "PRAGMA user_version"), Read(connection, "SELECT note FROM networks WHERE network_id = 'a'")));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_file_as_the_step_before_made_it()
    {
        using var connection = Open();
        _ = Assert.Throws<SqliteException>(() => StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0], AddsNotes, AddsTableAndFails]));

        Assert.Equal((2L, 0L), (Read(connection, "PRAGMA user_version"), Read(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'more'")));
        StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0], AddsNotes, "CREATE TABLE more(a TEXT);"]);
        Assert.Equal(3L, Read(connection, "PRAGMA user_version"));
    }

    [Fact]
    public void An_older_file_that_may_not_be_written_is_refused_with_what_to_do()
    {
        using var connection = Open();
        StateSchema.Migrate(connection, readOnly: false, [StateSchema.Steps[0]]);

        var error = Assert.Throws<NotSupportedException>(() => StateSchema.Migrate(connection, readOnly: true, [StateSchema.Steps[0], AddsNotes]));

        Assert.Equal($"{File}: its schema is version 1, this host's is 2. Start the host once, so that it is brought up to date.", error.Message);
        Assert.Equal(1L, Read(connection, "PRAGMA user_version"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    private static object? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
