namespace DhcpHost.Neutron.Settings;

/// <summary>What an import has to know of the machine beside Neutron's files.</summary>
public sealed record ImportSite
{
    /// <summary>The machine's name, Neutron's default for <c>host</c>.</summary>
    public required string MachineName { get; init; }

    /// <summary>The directories of plugins; empty to leave the default.</summary>
    public IReadOnlyList<string> PluginDirectories { get; init; } = [];

    /// <summary>The file that the messaging's URL, which holds passwords, goes to; <c>null</c>: it is left out.</summary>
    public string? TransportUrlFile { get; init; }

    /// <summary>The file that the metadata's shared secret goes to; <c>null</c>: it is left out.</summary>
    public string? MetadataSecretFile { get; init; }

    /// <summary>The account that neutron-dhcp-agent runs as, so that it can go on with the files after a rollback; <c>null</c> for none.</summary>
    public string? AgentAccount { get; init; }
}
