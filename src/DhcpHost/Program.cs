using DhcpHost.Hosting;

return args is ["run", var path]
    ? await HostRunner.RunAsync(new() { ConfigPath = path }, CancellationToken.None)
    : ExitCodes.Usage;
