namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>The class that is put into each script, by which the host stops it, and the calls of it.</summary>
/// <remarks>
/// The flag is a static field of the script's own assembly: a runaway script is looked at, others run on. It is volatile, so that no loop
/// keeps it in a register; while nobody looks it costs one load.
/// </remarks>
internal static class GuardSource
{
    /// <summary>The most items of an array or list that a script makes at once.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>In loops and catches.</summary>
    public const string Check = $"{ScriptImage.GuardName}.Check(); ";

    /// <summary>At the head of functions: an exception instead of a stack that overflows, which would end the host.</summary>
    public const string Enter = $"{ScriptImage.GuardName}.Enter(); ";

    /// <summary>Before an initializer that makes objects.</summary>
    public const string Entered = $"{ScriptImage.GuardName}.Entered() ? ";

    /// <summary>Around an expression of a query.</summary>
    public const string Pass = $"{ScriptImage.GuardName}.Pass(";

    /// <summary>Around a length.</summary>
    public const string Length = $"{ScriptImage.GuardName}.Length(";

    /// <summary>The class, on one line.</summary>
    public static string Declaration { get; } =
        $"public static class {ScriptImage.GuardName} {{ "
        + "private static volatile bool look; private static global::System.Action slow = null!; "
        + "public static void Attach(global::System.Action action) { slow = action; } "
        + "public static void Set(bool value) { look = value; } "
        + "public static void Check() { if (look) { slow(); } } "
        + "public static void Enter() { global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack(); if (look) { slow(); } } "
        + "public static bool Entered() { Enter(); return true; } "
        + "public static T Pass<T>(T value) { if (look) { slow(); } return value; } "
        + "public static int Length(int value) { if (value > " + MaxLength + ") { TooLong(value); } return value; } "
        + "public static long Length(long value) { if (value > " + MaxLength + ") { TooLong(value); } return value; } "
        + "public static uint Length(uint value) { if (value > " + MaxLength + ") { TooLong(value); } return value; } "
        + "public static ulong Length(ulong value) { if (value > " + MaxLength + ") { TooLong(value); } return value; } "
        + "private static void TooLong(decimal value) { throw new global::System.InvalidOperationException(\"The script asks for \" + value "
            + "+ \" items at once; it may have "
        + MaxLength + ".\"); } } ";
}
