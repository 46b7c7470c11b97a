using System.Text.Json;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Compilation;

/// <summary>What the host asks a compiling child for, and what it answers: two files in a private folder.</summary>
internal static class CompileRequestFile
{
    public static byte[] WriteRequest(IReadOnlyList<ScriptSource> sources) =>
        JsonSerializer.SerializeToUtf8Bytes(sources.Select(source => new Request(
            source.Name, source.Kind.Id, source.MainFile, source.Files, source.Loads, source.RefusedLoads)));

    public static IReadOnlyList<ScriptSource> ReadRequest(byte[] json) =>
        [.. (JsonSerializer.Deserialize<Request[]>(json) ?? []).Select(request => new ScriptSource
        {
            Name = request.Name,
            Kind = ScriptKind.Find(request.Kind) ?? throw new JsonException($"There is no kind of script '{request.Kind}'."),
            MainFile = request.MainFile,
            Files = request.Files,
            Loads = request.Loads,
            RefusedLoads = request.RefusedLoads,
        })];

    public static byte[] WriteAnswer(IReadOnlyList<CompiledScript> scripts) =>
        JsonSerializer.SerializeToUtf8Bytes(scripts.Select(script => new Answer(
            script.Image is null ? null : ScriptImageWriter.Write(script.Image, []), script.Problems)));

    public static IReadOnlyList<CompiledScript> ReadAnswer(byte[] json) =>
        [.. (JsonSerializer.Deserialize<Answer[]>(json) ?? []).Select(answer => new CompiledScript(
            answer.Image is null ? null : ScriptImageWriter.TryRead(answer.Image, []) ?? throw new JsonException("A compiled script is damaged."),
            answer.Problems))];

    private sealed record Request(
        string Name,
        string Kind,
        string MainFile,
        IReadOnlyDictionary<string, string> Files,
        IReadOnlyDictionary<string, string> Loads,
        IReadOnlyDictionary<string, string> RefusedLoads);

    private sealed record Answer(byte[]? Image, IReadOnlyList<ScriptProblem> Problems);
}
