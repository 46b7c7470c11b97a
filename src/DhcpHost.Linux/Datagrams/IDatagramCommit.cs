namespace DhcpHost.Linux.Datagrams;

/// <summary>
/// Writes down what handlers noted, beside the loop: what is answered meanwhile and needs no disk does not wait. What is noted has the number
/// of the write that will hold it; numbers grow. Called on the loop's thread.
/// </summary>
public interface IDatagramCommit
{
    /// <summary>Has the loop told when a write has ended.</summary>
    /// <param name="wake">Makes the loop call <see cref="Commit"/> soon; from any thread.</param>
    void Attach(Action wake);

    /// <summary>Takes in what has become of the last write and begins the next one, where there is something to write. Does not wait.</summary>
    /// <param name="awaited">The last write that a reply waits for; 0 for none.</param>
    /// <returns>How far it has come.</returns>
    DatagramCommitProgress Commit(long awaited);

    /// <summary>Waits until no write is under way.</summary>
    void Finish();

    /// <summary>Waits until nothing is under way, and tells the loop nothing from here on: it ends.</summary>
    void Detach();
}
