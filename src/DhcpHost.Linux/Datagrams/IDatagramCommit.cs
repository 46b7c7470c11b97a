namespace DhcpHost.Linux.Datagrams;

/// <summary>Writes down what handlers noted in a batch, before replies leave. Called on the loop's thread.</summary>
public interface IDatagramCommit
{
    /// <summary>Writes down all that was noted since the last call.</summary>
    /// <param name="isDurable">It must survive the loss of power before this returns: replies wait for it.</param>
    /// <returns>False: it could not be written, and the replies that depend on it are dropped.</returns>
    bool Commit(bool isDurable);
}
