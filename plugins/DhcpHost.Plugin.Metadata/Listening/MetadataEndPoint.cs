using System.Net;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>The one end point that the web server knows: behind it are the listening sockets of all networks.</summary>
internal sealed class MetadataEndPoint : EndPoint
{
    public override string ToString() => "metadata listeners";
}
