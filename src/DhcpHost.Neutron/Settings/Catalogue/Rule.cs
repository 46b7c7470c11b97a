namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Makes the rows of the catalogue.</summary>
internal static class Rule
{
    public const string Default = OsloConfig.DefaultGroup;

    /// <summary>An option that becomes a key, value by value.</summary>
    public static NeutronOption Map(
        string group, string name, string value, string target, Func<string, string?> convert, string remark = "", bool always = false) =>
        new()
        {
            Group = group,
            Name = name,
            Default = value,
            Fate = OptionFate.Mapped,
            Target = target,
            Convert = convert,
            Remark = remark,
            IsAlwaysWritten = always,
        };

    /// <summary>An option that becomes a key together with others; <see cref="JointOptions"/> knows how.</summary>
    public static NeutronOption Join(string group, string name, string value, string target, string remark, bool secret = false) =>
        new() { Group = group, Name = name, Default = value, Fate = OptionFate.Mapped, Target = target, Remark = remark, IsSecret = secret };

    public static NeutronOption Unneeded(string group, string name, string value, string remark) =>
        new() { Group = group, Name = name, Default = value, Fate = OptionFate.Unneeded, Remark = remark };

    public static NeutronOption Unsupported(string group, string name, string value, string remark) =>
        new() { Group = group, Name = name, Default = value, Fate = OptionFate.Unsupported, Remark = remark };
}
