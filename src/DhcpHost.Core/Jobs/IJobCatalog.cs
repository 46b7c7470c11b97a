namespace DhcpHost.Core.Jobs;

/// <summary>The scheduled jobs.</summary>
public interface IJobCatalog
{
    /// <summary>How they are now.</summary>
    Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Runs one now and waits for its end; <c>null</c> where there is none. A run that is under way is waited for instead.</summary>
    Task<JobStatus?> RunNowAsync(string name, CancellationToken cancellationToken);
}
