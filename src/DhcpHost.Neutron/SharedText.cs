namespace DhcpHost.Neutron;

/// <summary>
/// Makes one string of many equal ones: a host's ports repeat the ids of their subnets, projects and hosts a hundred thousand times. A table of fixed size in
/// which the newest text has a place; a race costs a copy and nothing else.
/// </summary>
internal static class SharedText
{
    private const int Places = 4096;

    private static readonly string?[] Table = new string?[Places];

    /// <summary>The text, or one that is equal to it and is held already.</summary>
    public static string Of(string text)
    {
        ref var place = ref Table[(uint)text.GetHashCode(StringComparison.Ordinal) % Places];
        var held = Volatile.Read(ref place);
        if (held == text)
        {
            return held;
        }

        Volatile.Write(ref place, text);
        return text;
    }
}
