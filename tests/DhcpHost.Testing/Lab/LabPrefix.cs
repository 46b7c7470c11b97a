namespace DhcpHost.Testing.Lab;

/// <summary>
/// What the names of a lab begin with. All are of one length, so that none begins with another: a lab that ends deletes by its prefix, and must
/// not take away what belongs to the lab whose number goes on where its own ends.
/// </summary>
public static class LabPrefix
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    // The kernel's process ids end at 4,194,304 (PID_MAX_LIMIT).
    private const int ProcessDigits = 5;
    private const int LabDigits = 2;

    /// <summary>The prefix of a process's lab, which no other living one has.</summary>
    /// <param name="process">The id of the process.</param>
    /// <param name="lab">The lab's number in the process.</param>
    public static string Of(int process, int lab) => $"t{Number(process, ProcessDigits)}{Number(lab, LabDigits)}";

    private static string Number(int value, int length)
    {
        var rest = value;
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, Digits.Length);
            text[i] = Digits[digit];
        }

        return rest == 0 ? new(text) : throw new ArgumentOutOfRangeException(nameof(value), value, $"More than {length} digits.");
    }
}
