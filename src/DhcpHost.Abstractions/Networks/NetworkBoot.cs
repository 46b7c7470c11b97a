using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>Network boot (PXE): what clients are told to load, and from where.</summary>
public sealed record NetworkBoot
{
    /// <summary>The TFTP server (<c>siaddr</c>, option 66); <c>null</c> for the DHCP server itself.</summary>
    public IPAddress? NextServer { get; init; }

    /// <summary>The server's name (<c>sname</c>).</summary>
    public string? ServerName { get; init; }

    /// <summary>The file for clients that no rule matches (<c>file</c>, option 67).</summary>
    public string? FileName { get; init; }

    /// <summary>Files by kind of client, first match first.</summary>
    public EquatableArray<NetworkBootRule> Rules { get; init; }
}
