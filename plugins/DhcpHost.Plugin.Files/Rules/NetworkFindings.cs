using DhcpHost.Toml;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>What the rules find wrong in a file, each at its place.</summary>
internal sealed class NetworkFindings(TomlDocument document)
{
    private const int MaxErrors = 100;

    private readonly List<TomlError> _errors = [];

    public IReadOnlyList<TomlError> Errors => _errors;

    public bool IsFull => _errors.Count >= MaxErrors;

    /// <summary>Notes an error at a key such as <c>subnets[1].gateway</c>. Beyond a hundred they are no longer noted.</summary>
    public void Add(string key, string message, string? cure = null)
    {
        if (!IsFull)
        {
            _errors.Add(document.ErrorAt(key, message, cure));
        }
    }
}
