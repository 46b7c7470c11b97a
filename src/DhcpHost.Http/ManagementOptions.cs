using System.ComponentModel.DataAnnotations;
using System.Net;

namespace DhcpHost.Http;

/// <summary>The table <c>[management]</c>: where the management API listens, and what one client may take of it.</summary>
public sealed class ManagementOptions : IValidatableObject
{
    private const UnixFileMode SocketModes = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The Unix socket; empty for <c>dhcphost.sock</c> in <c>host.runtime_directory</c>.</summary>
    /// <value>Default empty.</value>
    public string Socket { get; set; } = "";

    /// <summary>Who may use the socket, as octal digits: <c>0600</c>, <c>0660</c> together with <see cref="SocketGroup"/>.</summary>
    /// <value>Default <c>0600</c>: the host's own user.</value>
    public string SocketMode { get; set; } = "0600";

    /// <summary>The group that owns the socket; empty leaves the host's own.</summary>
    /// <value>Default empty.</value>
    public string SocketGroup { get; set; } = "";

    /// <summary>A TCP endpoint beside the socket: <c>127.0.0.1:9467</c>, or a port alone, which means loopback; empty for none.</summary>
    /// <value>Default empty.</value>
    /// <remarks>There is no login: whoever reaches it, reads all. It takes no changes unless <see cref="TcpChanges"/> is set.</remarks>
    public string Tcp { get; set; } = "";

    /// <summary>Whether the TCP endpoint takes requests that change something.</summary>
    /// <value>Default false.</value>
    public bool TcpChanges { get; set; }

    /// <summary>Connections at once; more are closed.</summary>
    /// <value>Default 128.</value>
    [Range(1, 65536)]
    public int Connections { get; set; } = 128;

    /// <summary>Clients that follow events or statuses at once; more are refused.</summary>
    /// <value>Default 32.</value>
    [Range(0, 65536)]
    public int Followers { get; set; } = 32;

    /// <summary>The time of one request, but for those that follow, plan, check scripts or run a job.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time in which a client has to send the head of a request.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan HeaderTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The socket's path, where the host has this runtime directory.</summary>
    public string SocketIn(string runtimeDirectory) => Socket.Length > 0 ? Socket : Path.Combine(runtimeDirectory, "dhcphost.sock");

    /// <summary>Reads <see cref="SocketMode"/>; false where it is not an octal mode of a socket.</summary>
    public bool TryGetSocketMode(out UnixFileMode mode)
    {
        mode = default;
        if (SocketMode.Length is < 3 or > 4 || SocketMode.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0)
        {
            return false;
        }

        mode = (UnixFileMode)Convert.ToInt32(SocketMode, 8);
        return (mode & ~SocketModes) == 0;
    }

    /// <summary>Reads <see cref="Tcp"/>; <c>null</c> for none. False where it is not an endpoint.</summary>
    public bool TryGetTcp(out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (Tcp.Length == 0)
        {
            return true;
        }

        if (ushort.TryParse(Tcp, out var port))
        {
            endPoint = new(IPAddress.Loopback, port);
            return true;
        }

        // An address without a port parses as well, with port 0: the operator would not know where to connect.
        return Tcp.Contains(':', StringComparison.Ordinal)
            && IPEndPoint.TryParse(Tcp, out endPoint)
            && Tcp.EndsWith($":{endPoint.Port}", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TryGetSocketMode(out _))
        {
            yield return new(
                $"'{SocketMode}' is not the mode of a socket: three or four octal digits without execute bits, as in \"0600\"", [nameof(SocketMode)]);
        }

        if (!TryGetTcp(out _))
        {
            yield return new($"'{Tcp}' is neither a port nor ADDRESS:PORT, as in \"127.0.0.1:9467\"", [nameof(Tcp)]);
        }

        if (Socket.Length > 0 && !Path.IsPathRooted(Socket))
        {
            yield return new($"'{Socket}' must be an absolute path", [nameof(Socket)]);
        }

        foreach (var (value, name) in new[] { (RequestTime, nameof(RequestTime)), (HeaderTime, nameof(HeaderTime)) })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return new("must be above zero", [name]);
            }
        }
    }
}
