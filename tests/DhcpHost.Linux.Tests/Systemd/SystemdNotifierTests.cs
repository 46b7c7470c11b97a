using System.Net.Sockets;
using System.Text;
using DhcpHost.Linux.Systemd;

namespace DhcpHost.Linux.Tests.Systemd;

public sealed class SystemdNotifierTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void States_arrive_as_systemd_expects_them(bool isAbstract)
    {
        var name = Path.Combine(Path.GetTempPath(), $"dhcphost-notify-{Guid.NewGuid():n}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : name));
        systemd.ReceiveTimeout = 10_000;
        var notifier = new SystemdNotifier(isAbstract ? $"@{name}" : name);

        Assert.True(notifier.IsEnabled);
        Assert.True(notifier.Ready("3 networks\nREADY=0"));
        Assert.Equal("READY=1\nSTATUS=3 networks READY=0", Receive());
        Assert.True(notifier.Stopping());
        Assert.Equal("STOPPING=1", Receive());
        Assert.True(notifier.Status("busy"));
        Assert.Equal("STATUS=busy", Receive());
        Assert.True(notifier.Watchdog());
        Assert.Equal("WATCHDOG=1", Receive());
        Assert.True(notifier.Reloading());
        var lines = Receive().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith("MONOTONIC_USEC=", lines[1], StringComparison.Ordinal);
        Assert.InRange(double.Parse(lines[1].Split('=')[1], System.Globalization.CultureInfo.InvariantCulture) / 1e6, uptime - 60, uptime + 60);
        File.Delete(name);

        string Receive()
        {
            var buffer = new byte[1000];
            return Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer));
        }
    }

    [Fact]
    public void Without_a_socket_or_with_a_dead_one_it_says_so()
    {
        Assert.False(new SystemdNotifier(null).IsEnabled);
        Assert.False(new SystemdNotifier(null).Ready());
        Assert.False(new SystemdNotifier("/nonexistent/notify").Ready());
    }
}
