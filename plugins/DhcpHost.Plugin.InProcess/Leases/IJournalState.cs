namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>What a journal keeps: it can be rebuilt from records, and written as records.</summary>
internal interface IJournalState
{
    /// <summary>Takes in one record. Records come in the order in which they were added.</summary>
    /// <returns>False where the record makes no sense.</returns>
    bool Replay(ReadOnlySpan<byte> record);

    /// <summary>Writes records that stand for all that there is now.</summary>
    void WriteAll(JournalBuffer buffer);
}
