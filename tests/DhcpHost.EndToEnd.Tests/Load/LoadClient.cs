using System.Net;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>A client that never rests: it gets an address, and has it confirmed again and again, in every way that its protocol knows.</summary>
internal abstract class LoadClient(string name, LoadWitness witness)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private int _servedRound = -1;

    public string Name => name;

    /// <summary>What it was given; never anything else.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>The newest round in which it asked and was answered.</summary>
    public int ServedRound => Volatile.Read(ref _servedRound);

    protected LoadWitness Witness => witness;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            var round = witness.Round;
            var isServed = Address is null ? await AcquireAsync(cancellationToken) : await ConfirmAsync(turn, cancellationToken);
            witness.Count(isServed);
            if (isServed)
            {
                Volatile.Write(ref _servedRound, round);
            }

            // So that the clients of a load do not go in step.
            await Task.Delay(Pause + TimeSpan.FromMilliseconds(Random.Shared.Next(300)), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Asks for a first address. False where it got none.</summary>
    protected abstract Task<bool> AcquireAsync(CancellationToken cancellationToken);

    /// <summary>Asks for its address in the way that is next. False where nobody answered.</summary>
    protected abstract Task<bool> ConfirmAsync(int turn, CancellationToken cancellationToken);

    /// <summary>An acknowledgement came, asked for or late.</summary>
    protected void Bind(IPAddress address)
    {
        if (Address is null)
        {
            Address = address;
            witness.Claim(this, address);
        }
        else if (!Address.Equals(address))
        {
            witness.Fault(this, $"was given {address} in place of {Address}");
        }
    }

    /// <summary>Waits as long as a client does before it sends again; <c>null</c> where nothing came.</summary>
    protected static async Task<T?> WaitAsync<T>(Task<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
