using DhcpHost.Cli;
using DhcpHost.Scripting.Compilation;

// The host starts itself with this command to compile scripts; it is no command for people.
return args is [CompileScriptsCommand.Name, var request, var answer]
    ? await CompileScriptsCommand.RunAsync(request, answer, Console.Error, CancellationToken.None)
    : await CommandLine.RunAsync(args);
