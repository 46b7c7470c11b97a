namespace DhcpHost.Scripting.Execution;

/// <summary>A policy script's code as the watchdog knows it.</summary>
/// <param name="script">The code.</param>
/// <param name="onStuck">Called once, when a call goes on although the guard stops it: with the milliseconds that it was over its time.</param>
internal sealed class GuardedCode(LoadedScript script, Action<CallSlot> onStuck)
{
    private int _isStuck;
    private bool _looks;

    /// <summary>The code.</summary>
    public LoadedScript Script { get; } = script;

    /// <summary>Whether a call of it does not come back.</summary>
    public bool IsStuck => Volatile.Read(ref _isStuck) != 0;

    /// <summary>Makes the guard look or not. Only the watchdog's thread calls it.</summary>
    public void SetLook(bool value)
    {
        if (_looks != value)
        {
            _looks = value;
            Script.SetLook(value);
        }
    }

    public void MarkStuck(CallSlot slot)
    {
        if (Interlocked.Exchange(ref _isStuck, 1) == 0)
        {
            onStuck(slot);
        }
    }
}
