namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>The program, as found on this machine.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Version">What it says its version is: <c>2.90</c>.</param>
internal sealed record DnsmasqBinary(string Path, string Version)
{
    /// <summary>What must be heeded with it.</summary>
    public Quirks Quirks { get; } = Quirks.Of(Version);
}
