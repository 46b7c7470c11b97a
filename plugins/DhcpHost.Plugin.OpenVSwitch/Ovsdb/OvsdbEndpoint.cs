using System.Globalization;
using System.Net.Sockets;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>Where an OVSDB server listens, as Open vSwitch's tools write it (ovsdb(7), "Connection Methods").</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Path">Of a Unix socket; <c>null</c> for TCP and TLS.</param>
/// <param name="Host">The address or name.</param>
/// <param name="Port">The port.</param>
/// <param name="IsSecure">Whether TLS is spoken.</param>
internal sealed record OvsdbEndpoint(string Text, string? Path, string Host = "", int Port = 0, bool IsSecure = false)
{
    private const string Unix = "unix:";
    private const string Tcp = "tcp:";
    private const string Ssl = "ssl:";

    /// <summary>Reads <c>unix:/path</c>, <c>tcp:address:port</c> or <c>ssl:address:port</c>; brackets around an IPv6 address.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static OvsdbEndpoint Parse(string text)
    {
        if (text.StartsWith(Unix + "/", StringComparison.Ordinal))
        {
            return new(text, text[Unix.Length..]);
        }

        var isSecure = text.StartsWith(Ssl, StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        return (isSecure || text.StartsWith(Tcp, StringComparison.Ordinal)) && colon > Tcp.Length
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new(text, null, text[Tcp.Length..colon].Trim('[', ']'), port, isSecure)
            : throw new FormatException($"'{text}' is neither unix:/path, tcp:address:port nor ssl:address:port.");
    }

    /// <summary>Connects; TLS is yet to be spoken.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = Path is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (Path is null)
            {
                socket.NoDelay = true;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
                await socket.ConnectAsync(Host, Port, cancellationToken);
            }
            else
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellationToken);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
