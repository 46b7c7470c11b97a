using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Toml.Tests.Options;

[RemovedKey("workers", "say workers_max")]
public sealed record LimitsSample : IValidatableObject
{
    [Range(1, 256)]
    public int WorkersMax { get; init; } = 16;

    [Range(1, int.MaxValue)]
    public int WorkersMin { get; init; } = 1;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WorkersMin > WorkersMax)
        {
            yield return new($"must not be above workers_max, {WorkersMax}", [nameof(WorkersMin)]);
        }
    }
}
