using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using DhcpHost.Toml.Binding;

namespace DhcpHost.Toml.Reference;

/// <summary>The summaries that the compiler wrote beside an assembly.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    private XmlDocumentation()
    {
    }

    /// <summary>Reads the file; without one, or where it is no XML, there are no summaries.</summary>
    public static XmlDocumentation Of(Assembly assembly)
    {
        var documentation = new XmlDocumentation();
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (assembly.Location.Length == 0 || !File.Exists(path))
        {
            return documentation;
        }

        try
        {
            foreach (var member in XDocument.Load(path).Descendants("member"))
            {
                documentation._members[member.Attribute("name")?.Value ?? ""] = member;
            }
        }
        catch (XmlException)
        {
            documentation._members.Clear();
        }

        return documentation;
    }

    public string SummaryOf(Type type) => Text(Find($"T:{Name(type)}")?.Element("summary"));

    public string SummaryOf(PropertyInfo property)
    {
        var declaring = property.DeclaringType!;
        return Text(Find($"P:{Name(declaring)}.{property.Name}")?.Element("summary"));
    }

    /// <summary>What a record says of a parameter of its primary constructor.</summary>
    public string SummaryOf(ParameterInfo parameter)
    {
        var type = parameter.Member.DeclaringType!;
        var described = Find($"T:{Name(type)}")?.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == parameter.Name)
            ?? _members.Where(pair => pair.Key.StartsWith($"M:{Name(type)}.#ctor", StringComparison.Ordinal))
                .SelectMany(pair => pair.Value.Elements("param"))
                .FirstOrDefault(element => element.Attribute("name")?.Value == parameter.Name);
        return Text(described);
    }

    private XElement? Find(string name) => _members.GetValueOrDefault(name);

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Text(XElement? element) => element is null ? "" : Blanks().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } reference => Reference(reference),
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    private static string Reference(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("langword") ?? reference.Attribute("name") ?? reference.Attribute("href"))?.Value ?? "";
        var isProperty = name.StartsWith("P:", StringComparison.Ordinal) || reference.Name.LocalName == "paramref";
        var last = name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("http", StringComparison.Ordinal)
            ? name[(name.LastIndexOf('.') + 1)..]
            : name;
        return reference.Value.Length > 0 ? reference.Value : $"`{(isProperty ? OptionKeys.KeyOf(last) : last)}`";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
