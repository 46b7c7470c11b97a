namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>The feature of a connection that says which network it came from.</summary>
internal interface IProxyConnection
{
    /// <summary>The network's proxy.</summary>
    NetworkProxy Proxy { get; }

    /// <summary>Whether the connection ends with its next answer.</summary>
    bool IsClosing { get; }

    /// <summary>A request begins; dispose of it at its end.</summary>
    IDisposable BeginRequest();
}
