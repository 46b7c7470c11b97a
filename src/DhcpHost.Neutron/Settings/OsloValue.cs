namespace DhcpHost.Neutron.Settings;

/// <summary>A value of an option, as it is written: nothing in it is substituted yet.</summary>
/// <param name="Text">Its text; lines that go on are parted by line feeds.</param>
/// <param name="Path">The file.</param>
/// <param name="Line">The line of the option's name, from 1.</param>
public sealed record OsloValue(string Text, string Path, int Line)
{
    /// <summary>Whether the file has it under an older name of the option.</summary>
    internal bool IsOfOlderName { get; init; }

    /// <summary>Where it is: <c>/etc/neutron/dhcp_agent.ini:12</c>.</summary>
    public string Place => Line > 0 ? $"{Path}:{Line}" : Path;
}
