namespace DhcpHost.Plugin.Metadata;

/// <summary>Where answers come from.</summary>
public enum MetadataSource
{
    /// <summary>neutron-metadata-agent, by its Unix socket: it finds the instance.</summary>
    Agent,

    /// <summary>Nova's metadata API: the instance is found here, so that no neutron-metadata-agent is needed.</summary>
    Nova,

    /// <summary>Documents of the site's own, for cloud-init without OpenStack: a policy script's and files.</summary>
    Documents,
}
