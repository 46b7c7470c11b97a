using DhcpHost.Scripting.Execution;

namespace DhcpHost.Scripting.Policies;

/// <summary>One content of a policy script, loaded.</summary>
internal sealed class PolicyVersion<TContext, TResult>
{
    private int _failuresInARow;
    private string? _asideReason;

    public PolicyVersion(LoadedScript script, Func<TContext, TResult> decision, Action<PolicyVersion<TContext, TResult>, CallSlot> onStuck)
    {
        Decision = decision;
        Code = new(script, slot => onStuck(this, slot));
        Origin = script.Origin;
    }

    /// <summary>The function that the script gave.</summary>
    public Func<TContext, TResult> Decision { get; }

    /// <summary>Its code.</summary>
    public GuardedCode Code { get; }

    /// <summary><c>pool-size.csx@1f2e3d4c</c>.</summary>
    public string Origin { get; }

    /// <summary>Why it is not asked any more; <c>null</c> while it is.</summary>
    public string? AsideReason => Volatile.Read(ref _asideReason);

    /// <summary>Notes a good answer.</summary>
    public void Succeed()
    {
        if (Volatile.Read(ref _failuresInARow) != 0)
        {
            Volatile.Write(ref _failuresInARow, 0);
        }
    }

    /// <summary>Notes a failure; returns how many it were in a row.</summary>
    public int Fail() => Interlocked.Increment(ref _failuresInARow);

    /// <summary>Puts it aside; false where it was already.</summary>
    public bool PutAside(string reason) => Interlocked.CompareExchange(ref _asideReason, reason, null) is null;
}
