namespace DhcpHost.Core.Scripts;

/// <summary>All scripts, for people.</summary>
public interface IScriptCatalog
{
    /// <summary>How they are now.</summary>
    IReadOnlyList<ScriptStatus> Scripts { get; }

    /// <summary>Compiles all files as they are on disk now, puts none in force, and says what is wrong with each.</summary>
    Task<IReadOnlyList<ScriptStatus>> CheckAsync(CancellationToken cancellationToken);
}
