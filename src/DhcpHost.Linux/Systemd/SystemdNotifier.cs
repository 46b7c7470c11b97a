using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DhcpHost.Linux.Systemd;

/// <summary>Tells systemd how the service is (sd_notify(3)). Without a NOTIFY_SOCKET it does nothing.</summary>
public sealed class SystemdNotifier
{
    private const int MicrosecondsPerSecond = 1_000_000;

    private readonly string? _path;
    private readonly TimeProvider _timeProvider;

    /// <summary>Notifies a socket: a path, <c>@name</c> for an abstract one, or null for nobody.</summary>
    public SystemdNotifier(string? socket, TimeSpan? watchdogTimeout = null, TimeProvider? timeProvider = null)
    {
        _path = string.IsNullOrEmpty(socket) ? null : socket[0] == '@' ? $"\0{socket[1..]}" : socket;
        WatchdogTimeout = watchdogTimeout;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Whether there is somebody to notify.</summary>
    public bool IsEnabled => _path is not null;

    /// <summary>How long systemd waits between two signs of life (WatchdogSec=); null if it wants none. Send them twice as often.</summary>
    public TimeSpan? WatchdogTimeout { get; }

    /// <summary>As the environment says: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.</summary>
    public static SystemdNotifier FromEnvironment()
    {
        var processId = Environment.GetEnvironmentVariable("WATCHDOG_PID");
        var isForUs = processId is null || processId == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var isSet = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds);
        TimeSpan? timeout = isForUs && isSet && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
        return new SystemdNotifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), timeout);
    }

    /// <summary>The start, or a reload, is done.</summary>
    /// <returns>False if systemd could not be reached; so do all the others.</returns>
    public bool Ready(string? status = null) => Send("READY=1", status);

    /// <summary>The stop has begun.</summary>
    public bool Stopping(string? status = null) => Send("STOPPING=1", status);

    /// <summary>A reload has begun; <see cref="Ready"/> ends it.</summary>
    public bool Reloading(string? status = null)
    {
        // CLOCK_MONOTONIC, which is what the runtime's time stamps are on Linux.
        var microseconds = (Int128)_timeProvider.GetTimestamp() * MicrosecondsPerSecond / _timeProvider.TimestampFrequency;
        return Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}"), status);
    }

    /// <summary>One line for <c>systemctl status</c>.</summary>
    public bool Status(string status) => Send(null, status);

    /// <summary>A sign of life.</summary>
    public bool Watchdog() => Send("WATCHDOG=1", null);

    private bool Send(string? state, string? status)
    {
        if (_path is null)
        {
            return false;
        }
        var line = status is null ? null : $"STATUS={status.ReplaceLineEndings(" ")}";
        var message = Encoding.UTF8.GetBytes(string.Join('\n', new[] { state, line }.Where(part => part is not null)));
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            _ = socket.SendTo(message, new UnixDomainSocketEndPoint(_path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
