using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Scripting;

/// <summary>The table <c>[scripts]</c>: where scripts are and how they are watched. What they may take is in <c>[limits]</c>.</summary>
public sealed class ScriptingOptions : IValidatableObject
{
    /// <summary>The folder with <c>policies/</c> and <c>jobs/</c>; nothing outside it is ever read.</summary>
    /// <value>Default <c>scripts</c>, beside <c>host.toml</c>.</value>
    [Required]
    public string Directory { get; set; } = "scripts";

    /// <summary>
    /// The folder for compiled scripts, made with mode 0700; empty for <c>scripts</c> in <c>host.cache_directory</c>. Its content may be
    /// deleted at any time.
    /// </summary>
    /// <value>Default empty: <c>scripts</c> in <c>host.cache_directory</c>.</value>
    public string CacheDirectory { get; set; } = "";

    /// <summary>How often all files are read and compared by content, beside the kernel's hints, which may be lost.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan RescanInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Scripts that are looked at; those beyond, by name, are refused.</summary>
    /// <value>Default 256.</value>
    [Range(1, 10_000)]
    public int MaxScripts { get; set; } = 256;

    /// <summary>Failed calls in a row after which a policy script is put aside until its content changes.</summary>
    /// <value>Default 3.</value>
    [Range(1, 1000)]
    public int FailuresBeforeAside { get; set; } = 3;

    /// <summary>Memory that one policy call may allocate.</summary>
    /// <value>Default 64 MiB.</value>
    public ByteSize CallMemory { get; set; } = ByteSize.FromMebibytes(64);

    /// <summary>By how much the host's heap may grow while a job script runs.</summary>
    /// <value>Default 256 MiB.</value>
    public ByteSize JobMemory { get; set; } = ByteSize.FromMebibytes(256);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RescanInterval < TimeSpan.FromSeconds(1))
        {
            yield return new("must be at least 1 s", [nameof(RescanInterval)]);
        }

        if (CallMemory < ByteSize.FromMebibytes(1))
        {
            yield return new("must be at least 1 MiB", [nameof(CallMemory)]);
        }

        if (JobMemory < ByteSize.FromMebibytes(1))
        {
            yield return new("must be at least 1 MiB", [nameof(JobMemory)]);
        }
    }
}
