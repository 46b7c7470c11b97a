return await DhcpHost.Cli.CommandLine.RunAsync(args);
