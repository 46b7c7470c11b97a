using System.Text;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Terminal;

/// <summary>The output of a command. That it cannot be written is the command's failure, told as such, and no fault of the program's.</summary>
internal sealed class AnswerWriter(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => Guard(() => output.Write(value));

    public override void Write(string? value) => Guard(() => output.Write(value));

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override void Flush() => Guard(output.Flush);

    public override Task FlushAsync()
    {
        Flush();
        return Task.CompletedTask;
    }

    private static void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A descriptor that is closed is access denied to the runtime; within it is what the kernel said.
            throw new CliException(ExitCodes.Failure, $"the output cannot be written: {(exception.InnerException ?? exception).Message}");
        }
    }
}
