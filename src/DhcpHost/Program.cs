using DhcpHost.Cli;
using DhcpHost.Hosting;
using DhcpHost.Scripting.Compilation;

// The host starts itself with this command to compile scripts; it is no command for people.
if (args is [CompileScriptsCommand.Name, var request, var answer])
{
    return await CompileScriptsCommand.RunAsync(request, answer, Console.Error, CancellationToken.None);
}

var rehearsal = StartRehearsal.IsFor(args, Environment.ProcessorCount) ? StartRehearsal.Begin() : null;
var code = await CommandLine.RunAsync(args);
rehearsal?.Join();
return code;
