namespace DhcpHost.Scripting.Execution;

/// <summary>Thrown inside a script by the host's guard: it used up what it may take.</summary>
public sealed class ScriptStoppedException : Exception
{
    /// <summary>With the limit that stopped it.</summary>
    public ScriptStoppedException(string message)
        : base(message)
    {
    }
}
