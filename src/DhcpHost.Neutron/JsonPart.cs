using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron;

/// <summary>A value in a JSON document that knows its path, and collects what had to be left out below it.</summary>
internal sealed class JsonPart
{
    private const int LongestQuote = 80;
    private const int NoIndex = -1;

    private readonly JsonElement _json;
    private readonly JsonPart? _parent;
    private readonly string _name;
    private readonly int _index;
    private readonly List<Refusal> _refusals;

    /// <summary>Wraps the outermost value.</summary>
    public JsonPart(JsonElement json)
        : this(json, parent: null, "", NoIndex, [])
    {
    }

    private JsonPart(JsonElement json, JsonPart? parent, string name, int index, List<Refusal> refusals)
    {
        _json = json;
        _parent = parent;
        _name = name;
        _index = index;
        _refusals = refusals;
    }

    /// <summary>What was left out anywhere in the document so far.</summary>
    public EquatableArray<Refusal> Refusals => _refusals.ToEquatableArray();

    private string Path
    {
        get
        {
            var name = _index == NoIndex ? _name : string.Create(CultureInfo.InvariantCulture, $"{_name}[{_index}]");
            return _parent is null || _parent.Path.Length == 0 ? name : $"{_parent.Path}.{name}";
        }
    }

    /// <summary>
    /// The value of a key; <c>null</c> where there is none, or it is <c>null</c>. Of a key that is there twice, the last counts, as in Python.
    /// </summary>
    /// <exception cref="NeutronFormatException">This is no object.</exception>
    public JsonPart? Find(string key) =>
        AsObject().TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? new(value, this, key, NoIndex, _refusals) : null;

    /// <summary>The value of a key that must be there.</summary>
    /// <exception cref="NeutronFormatException">It is not.</exception>
    public JsonPart Require(string key) => Find(key) ?? throw new JsonPart(default, this, key, NoIndex, _refusals).Fault("it is missing");

    /// <summary>Maps the items of a list; those that cannot be mapped are refused, and the others stay. No list is an empty one.</summary>
    /// <exception cref="NeutronFormatException">There is something, and it is no list.</exception>
    public EquatableArray<T> Map<T>(string key, Func<JsonPart, T> map)
    {
        if (Find(key) is not { } list)
        {
            return [];
        }

        if (list._json.ValueKind != JsonValueKind.Array)
        {
            throw list.NotA("a list");
        }

        var items = new List<T>(list._json.GetArrayLength());
        var index = 0;
        foreach (var json in list._json.EnumerateArray())
        {
            try
            {
                items.Add(map(new(json, this, key, index++, _refusals)));
            }
            catch (NeutronFormatException e)
            {
                _refusals.Add(e.ToRefusal());
            }
        }

        return items.ToEquatableArray();
    }

    public string AsText()
    {
        if (_json.ValueKind != JsonValueKind.String)
        {
            throw NotA("a string");
        }

        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault("it is not text: a part of a surrogate pair is missing");
        }
    }

    /// <summary>Text, or a number as text.</summary>
    public string AsTextOrNumber() => _json.ValueKind == JsonValueKind.Number ? AsCount().ToString(CultureInfo.InvariantCulture) : AsText();

    /// <summary>Text that many values share.</summary>
    public string AsSharedText() => SharedText.Of(AsText());

    public bool AsFlag() => _json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw NotA("a boolean"),
    };

    public int AsCount() => _json.ValueKind == JsonValueKind.Number
        ? _json.TryGetInt32(out var number) && number >= 0 ? number : throw Fault($"{Describe(_json)} is not a number from 0 to {int.MaxValue}")
        : throw NotA("a number");

    public long AsRevision() => _json.ValueKind == JsonValueKind.Number
        ? _json.TryGetInt64(out var number) && number >= 0 ? number : throw Fault($"{Describe(_json)} is not a number from 0 to {long.MaxValue}")
        : throw NotA("a number");

    /// <summary>Text in the form of an id, a MAC address, …</summary>
    public T As<T>(string kind)
        where T : IParsable<T>
    {
        var text = AsText();
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Fault($"{Quote(text)} is not {kind}");
    }

    /// <summary>The id of something that many values refer to.</summary>
    public T AsShared<T>(string kind)
        where T : IParsable<T>
    {
        var text = AsSharedText();
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Fault($"{Quote(text)} is not {kind}");
    }

    public IPAddress AsAddress()
    {
        var text = AsText();
        return TryParseAddress(text, out var address) ? address : throw Fault($"{Quote(text)} is not an IP address");
    }

    public IPNetwork AsPrefix()
    {
        var text = AsText();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && TryParseAddress(text[..slash], out var address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && IPNetwork.TryParse(text, out var prefix)
            && prefix.BaseAddress.Equals(address)
            ? prefix
            : throw Fault($"{Quote(text)} is not a prefix, as 192.0.2.0/24 or 2001:db8::/64, without bits beyond its length");
    }

    /// <summary>A fault of this value.</summary>
    public NeutronFormatException Fault(string reason) => new(Path, FindId() is { } id ? $"{reason} (of {id})" : reason);

    private NeutronFormatException NotA(string kind) => Fault($"{kind} is expected here, not {Describe(_json)}");

    private JsonElement AsObject() => _json.ValueKind == JsonValueKind.Object ? _json : throw NotA("an object");

    /// <summary>The id of what holds this value, to find it in Neutron: an index changes with every answer.</summary>
    private string? FindId()
    {
        for (var part = _parent; part?._parent is not null; part = part._parent)
        {
            if (part._json.ValueKind == JsonValueKind.Object && part._json.TryGetProperty("id", out var id)
                && NetworkId.TryParse(id.GetRawText().Trim('"'), null, out var value))
            {
                return value.Value;
            }
        }

        return null;
    }

    /// <summary>Only what has one meaning everywhere: no <c>10.1</c> or <c>010.0.0.1</c>, no zone.</summary>
    private static bool TryParseAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : text.AsSpan().IndexOfAny("%[]/") < 0);

    private static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a string",
        _ => Quote(json.GetRawText()),
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
        {
            _ = char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? quoted.Append($"\\u{(int)c:x4}") : quoted.Append(c);
        }

        return quoted.Append(text.Length > LongestQuote ? "…'" : "'").ToString();
    }
}
