namespace DhcpHost.Dhcp.V4;

/// <summary>Where the fields of a message are (RFC 2131 figure 1).</summary>
internal static class Dhcpv4Layout
{
    internal const int HType = 1;
    internal const int HLen = 2;
    internal const int Hops = 3;
    internal const int Xid = 4;
    internal const int Secs = 8;
    internal const int Flags = 10;
    internal const int CiAddr = 12;
    internal const int YiAddr = 16;
    internal const int SiAddr = 20;
    internal const int GiAddr = 24;
    internal const int ChAddr = 28;
    internal const int SName = 44;
    internal const int File = 108;
    internal const int Cookie = 236;
    internal const int Options = 240;
    internal const int ChAddrLength = 16;
    internal const int SNameLength = 64;
    internal const int FileLength = 128;
    internal const uint CookieValue = 0x63825363;
}
