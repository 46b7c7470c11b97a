namespace DhcpHost.Neutron.Settings;

/// <summary>An option of <c>neutron.conf</c>, <c>dhcp_agent.ini</c> and the like, and what becomes of it.</summary>
public sealed record NeutronOption
{
    /// <summary>The group: <c>DEFAULT</c>, or its name in lower case.</summary>
    public required string Group { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Neutron's default, as a file would have it; empty for none.</summary>
    public required string Default { get; init; }

    /// <summary>What becomes of it.</summary>
    public required OptionFate Fate { get; init; }

    /// <summary>The key of <c>host.toml</c> that it becomes: <c>defaults.lease_time</c>; empty where it becomes none.</summary>
    public string Target { get; init; } = "";

    /// <summary>How it is carried over, why it is not needed, or what to do instead; empty where there is nothing to say.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Whether its value must not be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether Neutron's default is not this host's, so that the key is written even where the option is not.</summary>
    internal bool IsAlwaysWritten { get; init; }

    /// <summary>Makes the key's value as TOML of the option's value; <c>null</c>: no key.</summary>
    internal Func<string, string?>? Convert { get; init; }

    /// <summary>As people write it: <c>[agent] report_interval</c>; without the group where that is <c>DEFAULT</c>.</summary>
    public override string ToString() => Group == OsloConfig.DefaultGroup ? Name : $"[{Group}] {Name}";
}
