namespace DhcpHost.Neutron.Settings;

/// <summary>Something in a configuration file of Neutron that cannot be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1; 0 where it is about the whole file.</param>
/// <param name="Message">What is wrong.</param>
public sealed record OsloError(string Path, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";
}
