using DhcpHost.Cli;
using DhcpHost.Hosting;
using DhcpHost.Scripting.Compilation;

// The host starts itself with the first of these commands to compile scripts, and is started with the second when it is published; neither is for people.
if (args is [CompileScriptsCommand.Name, var request, var answer])
{
    return await CompileScriptsCommand.RunAsync(request, answer, Console.Error, CancellationToken.None);
}

if (args is [SeedScriptsCommand.Name, var scripts, var seed])
{
    return await SeedScriptsCommand.RunAsync(scripts, seed, Console.Error, CancellationToken.None);
}

var rehearsal = StartRehearsal.IsFor(args, Environment.ProcessorCount) ? StartRehearsal.Begin() : null;
var code = await CommandLine.RunAsync(args);
rehearsal?.Join();
return code;
