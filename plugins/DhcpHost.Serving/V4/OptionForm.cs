namespace DhcpHost.Serving.V4;

/// <summary>How a value's text becomes octets.</summary>
public enum OptionForm
{
    /// <summary>By what it looks like: addresses, colon-separated hex, a number, text.</summary>
    Guess,

    /// <summary>IPv4 addresses; <c>0.0.0.0</c> stands for the server's own.</summary>
    Addresses,

    /// <summary>Text, whatever it looks like.</summary>
    Text,

    /// <summary>A number of one octet.</summary>
    Number8,

    /// <summary>A number of two octets.</summary>
    Number16,

    /// <summary>Numbers of two octets.</summary>
    Numbers16,

    /// <summary>A number of four octets, which may be negative.</summary>
    Number32,

    /// <summary>Seconds in four octets: a number, with a unit <c>s m h d w</c> if any, or <c>infinite</c>.</summary>
    Time,

    /// <summary>Domain names as in DNS messages (RFC 1035 section 3.1), without compression.</summary>
    DomainNames,

    /// <summary>SIP servers (RFC 3361): names or addresses behind an octet that tells which.</summary>
    SipServers,

    /// <summary>Destinations and next hops by turns (RFC 3442).</summary>
    ClasslessRoutes,
}
