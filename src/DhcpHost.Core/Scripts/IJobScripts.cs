using DhcpHost.Abstractions.Jobs;

namespace DhcpHost.Core.Scripts;

/// <summary>The scripts in <c>scripts/jobs</c>.</summary>
public interface IJobScripts
{
    /// <summary>Their names, without the ending.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="Abstractions.Failures.DhcpHostException">
    /// <see cref="Abstractions.Failures.FailureKind.Invalid"/>: there is none, or it does not compile, or it threw (message with file and line);
    /// <see cref="Abstractions.Failures.FailureKind.Limit"/>: it took too long.
    /// </exception>
    Task RunAsync(string name, IJobHost host, CancellationToken cancellationToken);
}
