namespace DhcpHost.Plugins;

/// <summary>What a plugin is for, which decides where its options stand in <c>host.toml</c>.</summary>
public enum PluginKind
{
    /// <summary>It brings drivers; its options are <c>[drivers.&lt;id&gt;]</c>, and it is started also where that table is missing.</summary>
    Driver,

    /// <summary>It brings a network source; its options are <c>[sources.&lt;id&gt;]</c>, and it is started only where that table is there.</summary>
    Source,
}
