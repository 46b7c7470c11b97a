namespace DhcpHost.Plugins.Supervision;

/// <summary>Why a plugin's folder is read.</summary>
internal enum LoadCause
{
    /// <summary>The host starts.</summary>
    Start,

    /// <summary>The folder, or the plugin's options, may have changed.</summary>
    Changed,

    /// <summary>An operator said so: even if nothing changed.</summary>
    Forced,
}
