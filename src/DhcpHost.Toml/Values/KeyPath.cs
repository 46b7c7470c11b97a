namespace DhcpHost.Toml.Values;

/// <summary>The full path of a value, such as <c>subnets[1].gateway</c>. It is put together when it is read: of most values nobody asks for it.</summary>
internal sealed class KeyPath
{
    private readonly KeyPath? _parent;
    private readonly string _name;
    private readonly int? _index;

    /// <summary>The path of a whole table, as it is written; empty for the top level.</summary>
    public KeyPath(string path) => _name = path;

    private KeyPath(KeyPath parent, string name, int? index) => (_parent, _name, _index) = (parent, name, index);

    /// <summary>The path of a key below this one.</summary>
    public KeyPath Below(string key) => new(this, key, null);

    /// <summary>The path of an array's item, counted from 0.</summary>
    public KeyPath At(int index) => new(this, "", index);

    /// <inheritdoc/>
    public override string ToString() =>
        _parent is null ? _name : _index is { } index ? TomlText.Index(_parent.ToString(), index) : TomlText.Join(_parent.ToString(), _name);
}
