using System.Globalization;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>A MariaDB on a free port of 127.0.0.1, in a directory of its own, with an empty database <c>neutron</c>.</summary>
internal sealed class MariaDbServer
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    private readonly int _port = LoopbackPorts.Take(1)[0];

    /// <summary>As SQLAlchemy has it.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"mysql+pymysql://neutron:neutron@127.0.0.1:{_port}/neutron");

    /// <summary>Makes the database and starts the server, which the lab ends.</summary>
    public async Task StartAsync(LinuxLab lab, string directory, CancellationToken cancellationToken)
    {
        var data = Path.Combine(directory, "data");
        var init = Path.Combine(directory, "init.sql");
        var log = Path.Combine(directory, "log");
        _ = Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(init, """
            CREATE DATABASE IF NOT EXISTS neutron CHARACTER SET utf8;
            CREATE USER IF NOT EXISTS neutron@'127.0.0.1' IDENTIFIED BY 'neutron';
            GRANT ALL ON neutron.* TO neutron@'127.0.0.1';

            """, cancellationToken);
        _ = await lab.RunAsync(null, [
            "/usr/bin/mariadb-install-db", "--no-defaults", "--user=root", $"--datadir={data}", "--auth-root-authentication-method=normal",
            "--skip-test-db"], cancellationToken);

        // What it stores dies with the tests: it need not survive a power cut.
        string[] arguments = [
            "--no-defaults", "--user=root", $"--datadir={data}", $"--socket={directory}/socket", $"--init-file={init}",
            string.Create(CultureInfo.InvariantCulture, $"--port={_port}"), "--bind-address=127.0.0.1", "--skip-name-resolve",
            "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"];
        var server = await lab.SpawnAsync(null, new SpawnSpec("/usr/sbin/mariadbd", arguments) { OutputFile = log }, cancellationToken);
        await Eventually.TrueAsync(
            async () => await LoopbackPorts.AnswersAsync(_port, cancellationToken) || server.HasExited,
            StartDeadline, cancellationToken, "MariaDB answers");
        if (server.HasExited)
        {
            Assert.Fail($"MariaDB ended: {await LogTail.ReadAsync(log, cancellationToken)}");
        }
    }
}
