using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Logging;

/// <summary>The table <c>[logging.file]</c>: a file of JSON lines.</summary>
public sealed class LogFileOptions : IValidatableObject
{
    /// <summary>The file; empty for none.</summary>
    /// <value>Default: none.</value>
    public string Path { get; set; } = "";

    /// <summary>
    /// The size at which the file is put aside and a new one begun; looked at whenever lines were written, so that a burst may exceed it.
    /// </summary>
    /// <value>Default 32 MiB.</value>
    public ByteSize MaxSize { get; set; } = ByteSize.FromMebibytes(32);

    /// <summary>Files that are kept beside the one that is written.</summary>
    /// <value>Default 8.</value>
    [Range(0, 1000)]
    public int Keep { get; set; } = 8;

    /// <summary>Lines that wait to be written.</summary>
    /// <value>Default 10000.</value>
    [Range(100, 1_000_000)]
    public int Queue { get; set; } = 10_000;

    /// <summary>What becomes of a line where the queue is full.</summary>
    /// <value>Default <see cref="LogOverflow.Drop"/>; drops are counted by the metric <c>dhcphost_log_dropped_total</c>.</value>
    public LogOverflow WhenFull { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxSize < ByteSize.FromKibibytes(64))
        {
            yield return new("must be at least 64KiB", [nameof(MaxSize)]);
        }

        if (Path.Contains('\0', StringComparison.Ordinal))
        {
            yield return new("must be a path", [nameof(Path)]);
        }
    }
}
