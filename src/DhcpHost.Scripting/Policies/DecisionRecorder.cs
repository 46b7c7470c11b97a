using System.Collections.Concurrent;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Policies;

namespace DhcpHost.Scripting.Policies;

/// <summary>Records the decisions that change something: other than the last about the same subject, or other than the host's own.</summary>
internal sealed class DecisionRecorder<TContext, TResult>(PolicySpec<TContext, TResult> spec, PolicyReports reports)
    where TContext : class
{
    private const int MaxSubjects = 16_384;
    private const int MaxDetailsLength = 4096;
    private readonly ConcurrentDictionary<string, TResult> _last = new(StringComparer.Ordinal);

    public void Note(TContext context, in PolicyAnswer<TResult> answer)
    {
        var subject = spec.Subject(context);
        var isKnown = _last.TryGetValue(subject, out var last);
        if (isKnown && spec.IsUnchanged(context, last!, answer.Value))
        {
            return;
        }

        if (!isKnown && _last.Count >= MaxSubjects)
        {
            // Networks come and go: rather a decision recorded twice than memory that only grows.
            _last.Clear();
        }

        _last[subject] = answer.Value;
        if (isKnown || !spec.IsDefault(context, answer.Value))
        {
            Record(context, subject, answer, last);
        }
    }

    private void Record(TContext context, string subject, PolicyAnswer<TResult> answer, TResult? last)
    {
        var text = Shorten(JsonSerializer.Serialize(answer.Value, ModelJson.Options), 500);
        reports.Decided(
            spec.Kind.Id,
            answer.Origin,
            subject.Length > 0 ? new NetworkId(subject) : null,
            $"{answer.Origin} decided {text}",
            () => Details(context, answer, last));
    }

    private string Details(TContext context, PolicyAnswer<TResult> answer, TResult? last)
    {
        var json = JsonSerializer.Serialize(
            new
            {
                policy = spec.Kind.Id,
                origin = answer.Origin,
                problem = answer.Problem,
                input = spec.Summarize(context),
                decided = answer.Value,
                before = last,
            },
            ModelJson.Options);
        return json.Length <= MaxDetailsLength
            ? json
            : JsonSerializer.Serialize(
                new { policy = spec.Kind.Id, origin = answer.Origin, is_truncated = true, text = json[..(MaxDetailsLength / 2)] }, ModelJson.Options);
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
