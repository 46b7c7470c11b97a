namespace DhcpHost.Neutron.Settings;

/// <summary>What configuration files of Neutron say, several of them in order: the last one that has an option counts.</summary>
/// <remarks>
/// By the rules of oslo.config (<c>iniparser.py</c>, <c>cfg.py</c>): <c>name = value</c> or <c>name: value</c>, quotes around a whole value, lines that begin
/// with white space go on, <c>#</c> and <c>;</c> begin a comment at a line's start alone, names of groups other than <c>DEFAULT</c> have no case.
/// </remarks>
public sealed class OsloConfig
{
    /// <summary>The group of options that stand in no other.</summary>
    public const string DefaultGroup = "DEFAULT";

    private readonly Dictionary<(string Group, string Name), List<OsloValue>> _values = [];
    private readonly List<OsloError> _errors = [];

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<OsloError> Errors => _errors;

    /// <summary>All options that are there, in the order of their first place.</summary>
    public IEnumerable<(string Group, string Name)> Options => _values.Keys;

    /// <summary>Reads one more file.</summary>
    public void Read(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        new OsloReader(path, this).Read(text);
    }

    /// <summary>Sets an option of the group <c>DEFAULT</c> as if a file had it.</summary>
    public void Set(string name, string text, string path) => Add(DefaultGroup, name, new(text, path, 0));

    /// <summary>All values of an option, the first file's first; for options that may be given again and again.</summary>
    public IReadOnlyList<OsloValue> All(string group, string name) => _values.TryGetValue((Normalise(group), name), out var values) ? values : [];

    /// <summary>The value that counts; <c>null</c> for none.</summary>
    public OsloValue? Find(string group, string name) => All(group, name) is { Count: > 0 } values ? values[^1] : null;

    internal static string Normalise(string group) => group == DefaultGroup ? group : group.ToLowerInvariant();

    internal void Add(string group, string name, OsloValue value)
    {
        var key = (Group: Normalise(group), Name: name.Replace('-', '_'));
        var newer = OlderNames.Find(key.Group, key.Name);
        if (!_values.TryGetValue(newer ?? key, out var values))
        {
            _values.Add(newer ?? key, values = []);
        }

        var newerInThisFile = newer is null ? -1 : values.FindIndex(other => other.Path == value.Path && !other.IsOfOlderName);
        values.Insert(newerInThisFile < 0 ? values.Count : newerInThisFile, newer is null ? value : value with { IsOfOlderName = true });
    }

    internal void Fail(string path, int line, string message) => _errors.Add(new(path, line, message));
}
