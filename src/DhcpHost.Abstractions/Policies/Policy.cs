namespace DhcpHost.Abstractions.Policies;

/// <summary>What a policy script sees as its own: the script calls <see cref="Decide"/> once, with its decision as a function.</summary>
/// <typeparam name="TContext">What the host tells.</typeparam>
/// <typeparam name="TResult">What the script decides.</typeparam>
public sealed class Policy<TContext, TResult>
{
    /// <summary>The function that the script gave; <c>null</c> until then.</summary>
    public Func<TContext, TResult>? Decision { get; private set; }

    /// <summary>Gives the decision. It is called often and from several threads at once: a function of its argument alone.</summary>
    /// <exception cref="InvalidOperationException">It was given already.</exception>
    public void Decide(Func<TContext, TResult> decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (Decision is not null)
        {
            throw new InvalidOperationException("The script calls Decide twice; it gives one decision.");
        }

        Decision = decision;
    }
}
