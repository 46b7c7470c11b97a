namespace DhcpHost.Plugins.Packages;

/// <summary>What a plugin's folder may not exceed.</summary>
internal static class PackageLimits
{
    public const int Plugins = 100;
    public const int Files = 2000;
    public const int Depth = 8;
    public const long Bytes = 256L << 20;
}
